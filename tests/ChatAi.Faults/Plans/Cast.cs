namespace ChatAi.Faults.Plans;

/// <summary>Who talks with whom, by index: pairs, some groups and one group of all. The same seed gives the same cast.</summary>
/// <param name="People">How many there are.</param>
/// <param name="Chats">The members of each chat; the first makes it. Two members of a pair make a 1:1 chat.</param>
public sealed record Cast(int People, IReadOnlyList<IReadOnlyList<int>> Chats)
{
    public static Cast Of(int seed, int people, int groups)
    {
        var random = new Random(seed);
        var chats = new List<IReadOnlyList<int>>();
        for (var i = 0; i + 1 < people; i += 2)
            chats.Add([i, i + 1]);
        for (var i = 0; i < groups; i++)
        {
            int[] members = [.. Enumerable.Range(0, people)];
            random.Shuffle(members);
            chats.Add([.. members.Take(random.Next(3, Math.Min(people, 5) + 1))]);
        }
        chats.Add([.. Enumerable.Range(0, people)]);
        return new Cast(people, chats);
    }

    public IEnumerable<int> ChatsOf(int person) =>
        Enumerable.Range(0, Chats.Count).Where(c => Chats[c].Contains(person));
}
