using Aggregator.Server.WebSub;
using Xunit;

namespace Aggregator.Server.Tests.WebSub;

public sealed class PushReadersTests
{
    [Fact]
    public void Lets_one_callback_hold_up_itself_alone()
    {
        var readers = new PushReaders();
        for (var i = 0; i < PushReaders.MostOfOne; i++) Assert.True(readers.TryEnter("a"));
        Assert.False(readers.TryEnter("a"));
        Assert.True(readers.TryEnter("b"));
        readers.Leave("a");
        Assert.True(readers.TryEnter("a"));
    }

    [Fact]
    public void Reads_a_bounded_number_at_once()
    {
        var readers = new PushReaders();
        for (var i = 0; i < PushReaders.Most; i++) Assert.True(readers.TryEnter($"{i}"));
        Assert.False(readers.TryEnter("another"));
        for (var i = 0; i < PushReaders.Most; i++) readers.Leave($"{i}");
        Assert.True(readers.TryEnter("another"));
    }
}
