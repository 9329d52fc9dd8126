namespace ChatAi.Shared.Configuration;

/// <summary>A configuration that cannot be run with; its message is one line for the operator.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
