using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void SetRangeInHash_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.SetRangeInHash(null!, []));

    [Fact]
    public virtual void SetRangeInHash_Throws_WhenPairsAreNull() => Assert.Throws<ArgumentNullException>(() => Connection.SetRangeInHash("hash", null!));

    [Fact]
    public virtual void SetRangeInHash_MergesFields()
    {
        SetHash("hash", ("a", "1"), ("b", "2"));
        SetHash("hash", ("b", "3"), ("c", "4"));
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "3", ["c"] = "4" }, Connection.GetAllEntriesFromHash("hash"));
    }

    [Fact]
    public virtual void SetRangeInHash_AcceptsANullValue()
    {
        SetHash("hash", ("a", null));
        Assert.True(Connection.GetAllEntriesFromHash("hash").ContainsKey("a"));
        Assert.Null(Connection.GetAllEntriesFromHash("hash")["a"]);
    }

    [Fact]
    public virtual void SetRangeInHash_CreatesNothing_WhenThereAreNoPairs()
    {
        SetHash("hash");
        Assert.Null(Connection.GetAllEntriesFromHash("hash"));
    }

    [Fact]
    public virtual void GetAllEntriesFromHash_Throws_WhenKeyIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetAllEntriesFromHash(null!));

    [Fact]
    public virtual void GetAllEntriesFromHash_ReturnsNull_WhenThereIsNoHash() => Assert.Null(Connection.GetAllEntriesFromHash("hash"));

    [Fact]
    public virtual void GetAllEntriesFromHash_ReturnsItsOwnFieldsOnly()
    {
        SetHash("hash", ("a", "1"));
        SetHash("other", ("b", "2"));
        Assert.Equal("a", Assert.Single(Connection.GetAllEntriesFromHash("hash")).Key);
    }

    [Fact]
    public virtual void GetValueFromHash_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetValueFromHash(null!, "a"));

    [Fact]
    public virtual void GetValueFromHash_Throws_WhenNameIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetValueFromHash("hash", null!));

    [Fact]
    public virtual void GetValueFromHash_ReturnsNull_WhenThereIsNoHash() => Assert.Null(Connection.GetValueFromHash("hash", "a"));

    [Fact]
    public virtual void GetValueFromHash_ReturnsTheValue()
    {
        SetHash("hash", ("a", "1"));
        Assert.Equal("1", Connection.GetValueFromHash("hash", "a"));
        Assert.Null(Connection.GetValueFromHash("hash", "b"));
    }

    [Fact]
    public virtual void GetHashCount_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetHashCount(null!));

    [Fact]
    public virtual void GetHashCount_IsZero_WhenThereIsNoHash() => Assert.Equal(0, Connection.GetHashCount("hash"));

    [Fact]
    public virtual void GetHashCount_CountsFields()
    {
        SetHash("hash", ("a", "1"), ("b", "2"));
        SetHash("other", ("a", "1"));
        Assert.Equal(2, Connection.GetHashCount("hash"));
    }

    [Fact]
    public virtual void GetHashTtl_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetHashTtl(null!));

    [Fact]
    public virtual void GetHashTtl_IsNegative_WhenThereIsNoHash() => Assert.True(Connection.GetHashTtl("hash") < TimeSpan.Zero);

    [Fact]
    public virtual void GetHashTtl_TellsWhenTheHashExpires()
    {
        SetHash("hash", ("a", "1"));
        Assert.True(Connection.GetHashTtl("hash") < TimeSpan.Zero);
        Commit(transaction => transaction.ExpireHash("hash", TimeSpan.FromHours(1)));
        Assert.InRange(Connection.GetHashTtl("hash"), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }
}
