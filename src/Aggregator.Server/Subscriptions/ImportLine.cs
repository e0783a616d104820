namespace Aggregator.Server.Subscriptions;

/// <summary>One line of a report. Names and addresses are a stranger's: encode them before showing them.</summary>
/// <param name="Number">Which of the list's sources it is, from 1; 0 for a category or the whole list.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Name">What the list calls it, shortened.</param>
/// <param name="Address">Its address without a password, shortened.</param>
/// <param name="Reason">Why it was not taken, or not wholly.</param>
/// <param name="Detail">What the reason says that it is.</param>
public sealed record ImportLine(int Number, ImportOutcome Outcome, string Name, string Address, ImportReason Reason = ImportReason.None, string? Detail = null)
{
    /// <summary>The line as an English sentence, for logs and programs.</summary>
    public string ToSentence() => Reason switch
    {
        ImportReason.None => Outcome == ImportOutcome.Added ? $"'{Name}' was added." : $"'{Name}' is there already.",
        ImportReason.Repeated => $"'{Name}' is named more than once.",
        ImportReason.NotAnAddress => $"'{Name}' names '{Address}', which is not an http or https address that can be polled.",
        ImportReason.NotADocument => $"'{Name}' names '{Address}', which is not an http or https address that can be polled and no document inside the catalogue folder.",
        ImportReason.FetchSettings => $"The fetch settings of '{Name}' were left out: {Detail}",
        ImportReason.Intervals => $"The bounds of the time between two fetches of '{Name}' were left out: the shortest has to be above zero and no longer than the longest.",
        ImportReason.Republish => $"'{Detail}' is no level of republishing ('{Name}'): nothing of it is shown until it is set to full, summary, title or nothing",
        ImportReason.Capture => $"The settings of page captures of '{Name}' were left out: {Detail ?? "they cannot be read"}",
        ImportReason.Rules => $"The rules of '{Name}' were left out: {Detail}",
        ImportReason.Slug => $"The category '{Name}' asks for the slug '{Detail}', which may not stand in an address; another was made.",
        ImportReason.Private => $"'{Name}' names '{Address}', which is not public and not in Fetching:AllowedTargets.",
        ImportReason.Title => $"The title or description of '{Name}' was too long or not one line, and was mended.",
        ImportReason.Zone => $"The time zone of '{Name}' was left out: '{Detail}' is no IANA name and no offset.",
        ImportReason.Language => $"The language of '{Name}' was left out: '{Detail}' is no BCP 47 tag.",
        ImportReason.Retention => $"The retention of '{Name}' was left out: {Detail}",
        ImportReason.NoFile => $"There is no file {Name}.",
        ImportReason.TooLarge => $"It is larger than {Detail} bytes.",
        ImportReason.Packed => "It is packed. Unpack it and import the OPML file that is in it.",
        ImportReason.Entities => "It declares entities of its own, which a subscription list does not need; take them out to import it.",
        ImportReason.NoList => Detail ?? "It is no subscription list.",
        ImportReason.NotFetched => $"It could not be fetched: {Detail}",
        ImportReason.BrokenOff => "The import broke off; what was added until then stays. Import the list again to go on.",
        _ => Reason.ToString(),
    };
}
