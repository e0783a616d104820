using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void GetListCount_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetListCount(null!));

    [Fact]
    public virtual void GetListCount_IsZero_WhenThereIsNoList() => Assert.Equal(0, Connection.GetListCount("list"));

    [Fact]
    public virtual void GetListCount_CountsItems()
    {
        InsertToList("list", "a", "a", "b");
        InsertToList("other", "c");
        Assert.Equal(3, Connection.GetListCount("list"));
    }

    [Fact]
    public virtual void GetAllItemsFromList_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetAllItemsFromList(null!));

    [Fact]
    public virtual void GetAllItemsFromList_IsEmpty_WhenThereIsNoList() => Assert.Empty(Connection.GetAllItemsFromList("list"));

    [Fact]
    public virtual void GetAllItemsFromList_ReturnsTheNewestFirst()
    {
        InsertToList("list", "1", "2", "3");
        Assert.Equal(["3", "2", "1"], Connection.GetAllItemsFromList("list"));
    }

    [Fact]
    public virtual void GetRangeFromList_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetRangeFromList(null!, 0, 1));

    [Fact]
    public virtual void GetRangeFromList_Throws_WhenTheFirstIsNegative() =>
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetRangeFromList("list", -1, 1));

    [Fact]
    public virtual void GetRangeFromList_Throws_WhenTheLastComesBeforeTheFirst() =>
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetRangeFromList("list", 2, 1));

    [Fact]
    public virtual void GetRangeFromList_IsEmpty_WhenThereIsNoList() => Assert.Empty(Connection.GetRangeFromList("list", 0, 1));

    [Theory]
    [InlineData(0, 0, "5")]
    [InlineData(1, 3, "4,3,2")]
    [InlineData(3, 100, "2,1")]
    [InlineData(0, int.MaxValue, "5,4,3,2,1")]
    [InlineData(5, 6, "")]
    public virtual void GetRangeFromList_IncludesBothEnds(int first, int last, string expected)
    {
        InsertToList("list", "1", "2", "3", "4", "5");
        Assert.Equal(expected, string.Join(',', Connection.GetRangeFromList("list", first, last)));
    }

    [Fact]
    public virtual void GetListTtl_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetListTtl(null!));

    [Fact]
    public virtual void GetListTtl_IsNegative_WhenThereIsNoList() => Assert.True(Connection.GetListTtl("list") < TimeSpan.Zero);

    [Fact]
    public virtual void GetListTtl_TellsWhenTheListExpires()
    {
        InsertToList("list", "a");
        Assert.True(Connection.GetListTtl("list") < TimeSpan.Zero);
        Commit(transaction => transaction.ExpireList("list", TimeSpan.FromHours(1)));
        Assert.InRange(Connection.GetListTtl("list"), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public virtual void GetCounter_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetCounter(null!));

    [Fact]
    public virtual void GetCounter_IsZero_WhenThereIsNoCounter() => Assert.Equal(0, Connection.GetCounter("counter"));

    [Fact]
    public virtual void GetCounter_ReturnsTheSum()
    {
        Commit(transaction =>
        {
            transaction.IncrementCounter("counter");
            transaction.IncrementCounter("counter");
            transaction.DecrementCounter("counter");
            transaction.IncrementCounter("counter");
        });
        Assert.Equal(2, Connection.GetCounter("counter"));
    }
}
