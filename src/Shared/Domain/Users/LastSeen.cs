namespace ChatAi.Shared.Domain.Users;

/// <summary>Whom a person lets see whether they are there and when they last were. The numbers are stored in the journal.</summary>
public enum LastSeen
{
    Everyone = 0,

    /// <summary>Who has a 1:1 chat with the person.</summary>
    Contacts = 1,

    Nobody = 2,
}

public static class LastSeenRules
{
    /// <summary>One's own choice alone.</summary>
    public static bool Shows(this LastSeen choice, bool isContact) =>
        choice == LastSeen.Everyone || (choice == LastSeen.Contacts && isContact);

    /// <summary>Symmetrical: who does not show themselves to the other does not see the other either.</summary>
    public static bool MaySee(LastSeen watcher, LastSeen watched, bool areContacts) =>
        watcher.Shows(areContacts) && watched.Shows(areContacts);
}
