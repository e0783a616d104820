using Hangfire.Server;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void AnnounceServer_Throws_WhenIdIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.AnnounceServer(null!, new ServerContext()));

    [Fact]
    public virtual void AnnounceServer_Throws_WhenContextIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.AnnounceServer("server", null!));

    [Fact]
    public virtual void AnnounceServer_MakesTheServerKnown()
    {
        Announce("server", 7, "critical", "default");
        var server = Assert.Single(Monitor.Servers());
        Assert.Equal("server", server.Name);
        Assert.Equal(7, server.WorkersCount);
        Assert.Equal(["critical", "default"], server.Queues);
        AboutNow(server.StartedAt);
        AboutNow(server.Heartbeat);
    }

    [Fact]
    public virtual void AnnounceServer_KeepsOneServer_WhenCalledTwice()
    {
        Announce("server", 1, "default");
        Announce("server", 1, "default");
        Assert.Single(Monitor.Servers());
    }

    [Fact]
    public virtual void RemoveServer_Throws_WhenIdIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.RemoveServer(null!));

    [Fact]
    public virtual void RemoveServer_RemovesThatServerOnly()
    {
        Announce("a", 1, "default");
        Announce("b", 1, "default");
        Connection.RemoveServer("a");
        Assert.Equal("b", Assert.Single(Monitor.Servers()).Name);
    }

    [Fact]
    public virtual void RemoveServer_DoesNothing_WhenThereIsNoServer() => Connection.RemoveServer("server");

    [Fact]
    public virtual void Heartbeat_Throws_WhenIdIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.Heartbeat(null!));

    [Fact]
    public virtual void Heartbeat_ThrowsGone_WhenThereIsNoServer() =>
        Assert.Throws<BackgroundServerGoneException>(() => Connection.Heartbeat("server"));

    [Fact]
    public virtual void Heartbeat_ThrowsGone_WhenTheServerWasRemoved()
    {
        Announce("server", 1, "default");
        Connection.RemoveServer("server");
        Assert.Throws<BackgroundServerGoneException>(() => Connection.Heartbeat("server"));
    }

    [Fact]
    public virtual void Heartbeat_IsSeen()
    {
        Announce("server", 1, "default");
        var before = Monitor.Servers()[0].Heartbeat!.Value;
        Thread.Sleep(20);
        Connection.Heartbeat("server");
        Assert.True(Monitor.Servers()[0].Heartbeat!.Value > before);
    }

    [Fact]
    public virtual void RemoveTimedOutServers_Throws_WhenTheTimeoutIsNegative() =>
        Assert.Throws<ArgumentException>(() => Connection.RemoveTimedOutServers(TimeSpan.FromMinutes(-1)));

    [Fact]
    public virtual void RemoveTimedOutServers_Throws_WhenTheTimeoutIsZero() =>
        Assert.Throws<ArgumentException>(() => Connection.RemoveTimedOutServers(TimeSpan.Zero));

    [Fact]
    public virtual void RemoveTimedOutServers_KeepsServersThatBeat()
    {
        Announce("server", 1, "default");
        Assert.Equal(0, Connection.RemoveTimedOutServers(TimeSpan.FromMinutes(5)));
        Assert.Single(Monitor.Servers());
    }

    [Fact]
    public virtual void RemoveTimedOutServers_RemovesSilentOnes_AndCountsThem()
    {
        Announce("silent-1", 1, "default");
        Announce("silent-2", 1, "default");
        Thread.Sleep(300);
        Announce("alive", 1, "default");
        Assert.Equal(2, Connection.RemoveTimedOutServers(TimeSpan.FromMilliseconds(200)));
        Assert.Equal("alive", Assert.Single(Monitor.Servers()).Name);
    }
}
