using Aggregator.Server.Subscriptions;
using Xunit;

namespace Aggregator.Server.Tests.Subscriptions;

public sealed class ImportReasonTests
{
    /// <summary>Reports in the store hold the numbers: a reason that changes its own would change what they say.</summary>
    [Fact]
    public void The_numbers_in_stored_reports_stay_what_they_are() => Assert.Equal(
        [
            "0 None", "1 Repeated", "2 NotAnAddress", "3 NotADocument", "4 FetchSettings", "5 Intervals", "6 Rules", "7 Capture", "8 Slug", "9 NoFile", "10 TooLarge",
            "11 Packed", "12 Entities", "13 NoList", "14 NotFetched", "15 BrokenOff", "16 Private", "17 Title", "18 Zone", "19 Language", "20 Retention", "21 Republish",
        ],
        Enum.GetValues<ImportReason>().Select(static reason => $"{(int)reason} {reason}"));

    [Fact]
    public void So_do_those_of_outcomes() =>
        Assert.Equal(["0 Added", "1 Known", "2 Refused", "3 Partly"], Enum.GetValues<ImportOutcome>().Select(static outcome => $"{(int)outcome} {outcome}"));
}
