using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.Options;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class AccountOptionsTests
{
    [Theory]
    [InlineData("Accounts:MaxFailures", "0", "Accounts:MaxFailures has to be between 1 and 1000.")]
    [InlineData("Accounts:LockoutTime", "-00:01:00", "Accounts:LockoutTime has to be between 00:00:01 and 1.00:00:00.")]
    public async Task A_wrong_value_stops_the_start_with_a_sentence_that_names_the_key(string key, string value, string sentence)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningSite.StartAsync((key, value)));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }
}
