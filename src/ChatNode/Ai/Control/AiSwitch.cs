namespace ChatAi.ChatNode.Ai.Control;

/// <summary>Whether this node may use the assistant: its own configuration, and what operators say for the cluster.</summary>
/// <param name="configured"><c>ChatAi:Ai:Enabled</c>.</param>
public sealed class AiSwitch(bool configured)
{
    private enum Heard
    {
        Nothing,
        On,
        Off,
    }

    private volatile Heard _heard;

    /// <summary>As if operators had said yes.</summary>
    public static AiSwitch On()
    {
        var always = new AiSwitch(true);
        always.Set(true);
        return always;
    }

    public bool Configured => configured;

    /// <summary>False until the node has heard from the switch; what must not be undone waits for that.</summary>
    public bool IsKnown => !configured || _heard != Heard.Nothing;

    public bool Enabled => configured && _heard != Heard.Off;

    /// <returns>Whether that was news.</returns>
    public bool Set(bool enabled)
    {
        var heard = enabled ? Heard.On : Heard.Off;
        if (_heard == heard)
            return false;
        _heard = heard;
        return true;
    }
}
