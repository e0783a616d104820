namespace Aggregator.Server.Subscriptions;

/// <summary>What became of a subscription list.</summary>
public sealed record ImportReport
{
    /// <summary>The most lines of each outcome that a report keeps; the counts go on.</summary>
    public const int MaxLines = 2000;

    /// <summary>Sources that are new.</summary>
    public int Added { get; init; }

    /// <summary>Sources that were there already.</summary>
    public int Known { get; init; }

    /// <summary>Sources that were refused, and 1 for a list that was refused as a whole.</summary>
    public int Refused { get; init; }

    /// <summary>Categories that it names.</summary>
    public int Categories { get; init; }

    /// <summary>How many lines there were besides <see cref="Lines"/>.</summary>
    public int LeftOut { get; init; }

    /// <summary>What became of each, in the order of the list.</summary>
    public IReadOnlyList<ImportLine> Lines { get; init; } = [];

    /// <summary>What was not taken, or not wholly, and why: a sentence each.</summary>
    public IEnumerable<string> Problems =>
        Lines.Where(static line => line.Outcome is ImportOutcome.Refused or ImportOutcome.Partly).Select(static line => line.ToSentence());

    /// <summary>A list of which nothing was taken.</summary>
    public static ImportReport RefusedWhole(ImportReason reason, string name, string? detail = null) =>
        new() { Refused = 1, Lines = [new ImportLine(0, ImportOutcome.Refused, name, "", reason, detail)] };
}
