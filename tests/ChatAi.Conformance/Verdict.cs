namespace ChatAi.Conformance;

/// <summary>A message as the client showed it to its user.</summary>
public sealed record Shown(Guid Chat, long Seq, Guid Cid, string Text);

/// <summary>A message as it stands in the journal.</summary>
public sealed record Stored(Guid Chat, long Seq, Guid Cid, string Text);

/// <summary>What the kit asked for and saw.</summary>
/// <param name="Ordered">Every <c>send</c> given to the client, in order.</param>
/// <param name="Confirmed">The cids of which the client said <c>sent</c>.</param>
/// <param name="Shown">Everything that the client showed, in order.</param>
/// <param name="Stored">What the server has.</param>
public sealed record Observed(
    IReadOnlyList<Shown> Ordered,
    IReadOnlySet<Guid> Confirmed,
    IReadOnlyList<Shown> Shown,
    IReadOnlyList<Stored> Stored
);

/// <summary>What the client did wrong; each line names the message.</summary>
public sealed record Verdict(
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> Doubled,
    IReadOnlyList<string> Misordered
)
{
    public bool IsClean => Lost.Count + Doubled.Count + Misordered.Count == 0;

    public static Verdict Of(Observed seen)
    {
        var lost = new List<string>();
        var shownKeys = seen.Shown.Select(shown => (shown.Chat, shown.Seq)).ToHashSet();
        lost.AddRange(
            seen.Stored.Where(stored => !shownKeys.Contains((stored.Chat, stored.Seq)))
                .Select(stored => $"never shown: {stored.Text} ({stored.Seq})")
        );
        var texts = seen.Stored.Select(stored => stored.Text).ToHashSet(StringComparer.Ordinal);
        lost.AddRange(
            seen.Ordered.Where(ordered => !texts.Contains(ordered.Text))
                .Select(ordered => $"never stored: {ordered.Text}")
        );
        lost.AddRange(
            seen.Ordered.Where(ordered => !seen.Confirmed.Contains(ordered.Cid))
                .Select(ordered => $"never confirmed: {ordered.Text}")
        );
        var doubled = seen
            .Shown.GroupBy(shown => (shown.Chat, shown.Seq))
            .Where(group => group.Count() > 1)
            .Select(group => $"shown {group.Count()} times: {group.First().Text} ({group.Key.Seq})")
            .Concat(
                seen.Stored.GroupBy(stored => stored.Text, StringComparer.Ordinal)
                    .Where(group => group.Count() > 1)
                    .Select(group => $"stored {group.Count()} times: {group.Key}")
            );
        return new Verdict(lost, [.. doubled], [.. Misplaced(seen)]);
    }

    private static IEnumerable<string> Misplaced(Observed seen)
    {
        foreach (var chat in seen.Shown.GroupBy(shown => shown.Chat))
        {
            foreach (var (one, next) in chat.Zip(chat.Skip(1)).Where(pair => pair.First.Seq > pair.Second.Seq))
            {
                yield return $"shown {one.Seq} before {next.Seq}";
            }
        }

        foreach (var chat in seen.Ordered.GroupBy(ordered => ordered.Chat))
        {
            var places = seen
                .Stored.Where(stored => stored.Chat == chat.Key)
                .GroupBy(stored => stored.Text, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Min(stored => stored.Seq), StringComparer.Ordinal);
            var own = chat.Where(ordered => places.ContainsKey(ordered.Text)).ToList();
            foreach (
                var (one, next) in own.Zip(own.Skip(1))
                    .Where(pair => places[pair.First.Text] > places[pair.Second.Text])
            )
            {
                yield return $"stored {next.Text} before {one.Text}";
            }
        }
    }
}
