namespace Aggregator.Storage.Entries;

/// <summary>
/// What statements ask of an entry's rights: <see cref="Core.Publishing.RepublishRule"/> as far as a database has to know it, to leave out
/// what is shown nowhere. What is left of a row that is shown is for the rule itself to say, in <see cref="EntryRow"/>.
/// </summary>
internal static class EntryRights
{
    /// <summary>The condition that its source is not deleted and something of it may be shown: its name, and whatever of its entries asks for no more.</summary>
    public const string SourceIsShown = "source.state <> 4 and source.level > 0";

    /// <summary>The condition that the entry's own publisher wants all of it hidden, as the index of those has it.</summary>
    public const string IsBlocked = "(entry.wishes & 3) <> 0";

    /// <summary>
    /// The condition that something of the entry is shown: its source is not deleted, and nobody wants all of it hidden. One "not equal", so that
    /// PostgreSQL expects it of nearly every row, and goes on reading lists in the order of their indexes.
    /// </summary>
    public const string IsShown = $"""
        (select case when source.state = 4 or {IsBlocked} then 0 else source.level end from source where source.id = entry.source_id) <> 0
        """;

    /// <summary>The same of an entry that is called <c>other</c>.</summary>
    public const string OtherIsShown = """
        (select case when source.state = 4 or (other.wishes & 3) <> 0 then 0 else source.level end from source where source.id = other.source_id) <> 0
        """;

    /// <summary>The condition that the entry is stored and its source not deleted: for admins and our own work.</summary>
    public const string IsStored = "(select source.state from source where source.id = entry.source_id) <> 4";

    /// <summary>The column by which <see cref="EntryRow"/> knows what is left.</summary>
    public const string Level = "(select source.level from source where source.id = entry.source_id) as source_level";

    /// <summary>1 where less than all of a snapshot's entry may be shown, so that no text of it is; a snapshot without an entry has no text.</summary>
    public const string IsWithheld = """
        (select case when source.level = 3 and entry.wishes = 0 then 0 else 1 end
         from entry join source on source.id = entry.source_id where entry.id = snapshot.entry_id)
        """;
}
