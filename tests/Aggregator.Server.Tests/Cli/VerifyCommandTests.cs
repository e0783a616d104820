using System.Globalization;
using Aggregator.Server.Cli;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task What_was_found_before_it_broke_off_is_written()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        await Assert.ThrowsAsync<IOException>(() => VerifyCommand.HoldingBackAsync(output, async lines =>
        {
            await lines.WriteLineAsync("snapshot 7 does not match");
            throw new IOException("The disk is gone.");
        }));
        Assert.Equal("snapshot 7 does not match" + Environment.NewLine, output.ToString());
    }
}
