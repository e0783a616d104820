namespace Aggregator.Server.Administration;

/// <summary>Something that an admin changed.</summary>
/// <param name="By">The admin's name; empty for the command line.</param>
/// <param name="What">What was done, for programs: <c>category.update</c>.</param>
/// <param name="Subject">What it was done to: <c>category 3</c>.</param>
/// <param name="Before">How it was before, or null when it is new.</param>
/// <param name="After">How it is now, or null when it is gone. Never a secret.</param>
internal sealed record AdminChange(string By, string What, string Subject, string? Before = null, string? After = null);
