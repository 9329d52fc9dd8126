using System.Runtime.InteropServices;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <param name="Id">The client's id; null where it wants no answer.</param>
/// <param name="To">The person of a <c>message.send</c> by <c>to</c>.</param>
/// <param name="Due">When the client hears <c>timeout</c>, in the session's time; null where the asked one keeps the time.</param>
/// <param name="IsAdmitted">A message that counts against what the node has taken on.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PendingRequest(long? Id, UserId? To, TimeSpan? Due, bool IsAdmitted = false);

/// <summary>Requests that have no answer yet, by correlation. Not thread-safe; an idle one holds no memory to speak of.</summary>
public sealed class PendingRequests
{
    private Dictionary<long, PendingRequest>? _requests;
    private HashSet<long>? _ids;
    private long _last;

    public int Count => _requests?.Count ?? 0;

    /// <summary>Messages that count against what the node has taken on.</summary>
    public int Admitted => _requests is null ? 0 : _requests.Values.Count(request => request.IsAdmitted);

    public bool IsFull => Count >= Limits.InFlight;

    public bool Uses(long id) => _ids is not null && _ids.Contains(id);

    /// <summary>Returns the correlation to ask with.</summary>
    public long Add(PendingRequest request)
    {
        var correlation = ++_last;
        (_requests ??= []).Add(correlation, request);
        if (request.Id is { } id)
            (_ids ??= []).Add(id);
        return correlation;
    }

    public bool TryGet(long correlation, out PendingRequest request)
    {
        request = default;
        return _requests is not null && _requests.TryGetValue(correlation, out request);
    }

    public bool Remove(long correlation, out PendingRequest request)
    {
        request = default;
        if (_requests is null || !_requests.Remove(correlation, out request))
            return false;
        if (request.Id is { } id)
            _ids!.Remove(id);
        return true;
    }

    /// <summary>The correlations whose time is up.</summary>
    public IReadOnlyList<long> DueAt(TimeSpan now) =>
        _requests is null ? [] : [.. _requests.Where(r => r.Value.Due <= now).Select(r => r.Key)];

    public TimeSpan? NextDue => _requests is null || _requests.Count == 0 ? null : _requests.Values.Min(r => r.Due);
}
