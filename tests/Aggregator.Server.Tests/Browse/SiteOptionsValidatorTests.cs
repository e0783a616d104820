using Microsoft.Extensions.Options;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class SiteOptionsValidatorTests
{
    [Theory]
    [InlineData("Site:Title:En", " ", "Site:Title:En is empty; give the site a name.")]
    [InlineData("Site:TimeZone:Zh", "Asia/Atlantis", "Site:TimeZone:Zh is “Asia/Atlantis”, which is no time zone; give an IANA name such as Asia/Shanghai or UTC.")]
    public async Task A_wrong_value_stops_the_start_with_a_sentence_that_names_the_key(string key, string value, string sentence)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningSite.StartAsync((key, value)));
        Assert.Contains(sentence, refused.Failures);
    }

    [Fact]
    public async Task A_text_without_end_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningSite.StartAsync(("Site:Notice:Zh", new string('长', 2_001))));
        Assert.Contains("Site:Notice:Zh is 2001 characters long; 2000 are allowed.", refused.Failures);
    }
}
