using Aggregator.Core.Stores;
using Aggregator.Server.Retention;
using Xunit;

namespace Aggregator.Server.Tests.Retention;

public sealed class RetentionDraftTests
{
    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("30", "100", "0", "5")]
    [InlineData("0", "0", null, null)]
    public void Reads_what_it_writes(string? entryDays, string? entryCount, string? versionDays, string? versionCount)
    {
        var settings = new RetentionDraft(entryDays, entryCount, versionDays, versionCount).Read(out var problem);
        Assert.Null(problem);
        Assert.Equal(new RetentionDraft(entryDays, entryCount, versionDays, versionCount), RetentionDraft.Of(settings!));
    }

    [Fact]
    public void One_number_of_two_sets_no_other_bound() =>
        Assert.Equal(new RetentionSettings(new RetentionRule(7, 0), new RetentionRule(0, 3)), new RetentionDraft("7", "", "", "3").Read(out _));

    [Theory]
    [InlineData("-1", "whole numbers")]
    [InlineData("1.5", "whole numbers")]
    [InlineData("99999999999999999999", "whole numbers")]
    [InlineData("1000000", "Days must be 0")]
    public void Says_what_cannot_be_used(string days, string sentence)
    {
        Assert.Null(new RetentionDraft(days, null, null, null).Read(out var problem));
        Assert.Contains(sentence, problem, StringComparison.Ordinal);
    }
}
