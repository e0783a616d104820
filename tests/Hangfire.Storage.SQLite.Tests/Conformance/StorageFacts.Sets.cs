using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void GetAllItemsFromSet_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetAllItemsFromSet(null!));

    [Fact]
    public virtual void GetAllItemsFromSet_IsEmpty_WhenThereIsNoSet() => Assert.Empty(Connection.GetAllItemsFromSet("set"));

    [Fact]
    public virtual void GetAllItemsFromSet_ReturnsAll()
    {
        AddToSet("set", ("b", 1), ("a", 2));
        AddToSet("other", ("c", 1));
        Assert.Equal(["a", "b"], Connection.GetAllItemsFromSet("set").Order(StringComparer.Ordinal));
    }

    [Fact]
    public virtual void GetAllItemsFromSet_IsOrderedByScoreAndValue()
    {
        AddToSet("set", ("d", 2), ("b", 1), ("c", 1), ("a", 3));
        Assert.Equal(["b", "c", "d", "a"], Connection.GetAllItemsFromSet("set"));
    }

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_Throws_WhenKeyIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetFirstByLowestScoreFromSet(null!, 0, 1));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_Throws_WhenTheHighestIsBelowTheLowest() =>
        Assert.Throws<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet("set", 1, 0));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_ReturnsNull_WhenThereIsNoSet() => Assert.Null(Connection.GetFirstByLowestScoreFromSet("set", 0, 1));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_ReturnsTheLowest()
    {
        AddToSet("set", ("1.0", 1), ("-1.0", -1), ("-5.0", -5));
        Assert.Equal("-1.0", Connection.GetFirstByLowestScoreFromSet("set", -1, 3));
    }

    [Theory]
    [InlineData(1.0, 1.0, "a")]
    [InlineData(1.0, 2.0, "a")]
    [InlineData(1.1, 2.0, "b")]
    [InlineData(2.1, 9.0, null)]
    [InlineData(-9.0, 0.9, null)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, "a")]
    public virtual void GetFirstByLowestScoreFromSet_IncludesBothBounds(double lowest, double highest, string? expected)
    {
        AddToSet("set", ("b", 2), ("a", 1));
        Assert.Equal(expected, Connection.GetFirstByLowestScoreFromSet("set", lowest, highest));
    }

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_Throws_WhenKeyIsNull_AndManyAreAsked() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetFirstByLowestScoreFromSet(null!, 0, 1, 10));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public virtual void GetFirstByLowestScoreFromSet_Throws_WhenTheCountIsNotPositive(int count) =>
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet("set", 0, 1, count));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_Throws_WhenTheHighestIsBelowTheLowest_AndManyAreAsked() =>
        Assert.Throws<ArgumentException>(() => Connection.GetFirstByLowestScoreFromSet("set", 1, 0, 10));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_IsEmpty_WhenThereIsNoSet_AndManyAreAsked() =>
        Assert.Empty(Connection.GetFirstByLowestScoreFromSet("set", 0, 1, 10));

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_ReturnsAsManyAsAsked()
    {
        AddToSet("set", ("c", 3), ("a", 1), ("b", 2), ("d", 4), ("0", -1));
        Assert.Equal(["a", "b"], Connection.GetFirstByLowestScoreFromSet("set", 0, 10, 2));
    }

    [Fact]
    public virtual void GetFirstByLowestScoreFromSet_OrdersEqualScoresByValue()
    {
        AddToSet("set", ("c", 1), ("a", 1), ("b", 1));
        Assert.Equal(["a", "b", "c"], Connection.GetFirstByLowestScoreFromSet("set", 0, 10, 10));
    }

    [Fact]
    public virtual void GetSetCount_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetSetCount((string)null!));

    [Fact]
    public virtual void GetSetCount_IsZero_WhenThereIsNoSet() => Assert.Equal(0, Connection.GetSetCount("set"));

    [Fact]
    public virtual void GetSetCount_CountsTheSet()
    {
        AddToSet("set", ("a", 1), ("b", 2));
        AddToSet("other", ("a", 1));
        Assert.Equal(2, Connection.GetSetCount("set"));
    }

    [Fact]
    public virtual void GetSetCount_Throws_WhenKeysAreNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetSetCount((IEnumerable<string>)null!, 10));

    [Fact]
    public virtual void GetSetCount_Throws_WhenTheLimitIsNegative() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Connection.GetSetCount(["set"], -1));

    [Theory]
    [InlineData(10, 3)]
    [InlineData(3, 3)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    public virtual void GetSetCount_StopsAtTheLimit(int limit, long expected)
    {
        AddToSet("a", ("1", 1), ("2", 2));
        AddToSet("b", ("1", 1));
        Assert.Equal(expected, Connection.GetSetCount(["a", "none", "b"], limit));
    }

    [Fact]
    public virtual void GetSetContains_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetSetContains(null!, "a"));

    [Fact]
    public virtual void GetSetContains_Throws_WhenValueIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetSetContains("set", null!));

    [Fact]
    public virtual void GetSetContains_TellsWhetherTheValueIsThere()
    {
        AddToSet("set", ("a", 1));
        Assert.True(Connection.GetSetContains("set", "a"));
        Assert.False(Connection.GetSetContains("set", "A"));
        Assert.False(Connection.GetSetContains("other", "a"));
    }

    [Fact]
    public virtual void GetRangeFromSet_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetRangeFromSet(null!, 0, 1));

    [Fact]
    public virtual void GetRangeFromSet_Throws_WhenTheFirstIsNegative() =>
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetRangeFromSet("set", -1, 1));

    [Fact]
    public virtual void GetRangeFromSet_Throws_WhenTheLastComesBeforeTheFirst() =>
        Assert.ThrowsAny<ArgumentException>(() => Connection.GetRangeFromSet("set", 2, 1));

    [Fact]
    public virtual void GetRangeFromSet_IsEmpty_WhenThereIsNoSet() => Assert.Empty(Connection.GetRangeFromSet("set", 0, 10));

    [Theory]
    [InlineData(0, 0, "a")]
    [InlineData(1, 2, "b,c")]
    [InlineData(3, 100, "d")]
    [InlineData(0, int.MaxValue, "a,b,c,d")]
    [InlineData(4, 5, "")]
    public virtual void GetRangeFromSet_IncludesBothEnds(int first, int last, string expected)
    {
        AddToSet("set", ("a", 1), ("b", 2), ("c", 3), ("d", 4));
        Assert.Equal(expected, string.Join(',', Connection.GetRangeFromSet("set", first, last)));
    }

    [Fact]
    public virtual void GetRangeFromSet_IsOrderedByScore()
    {
        AddToSet("set", ("a", 3), ("b", 2), ("c", 1));
        Assert.Equal(["c", "b", "a"], Connection.GetRangeFromSet("set", 0, 10));
    }

    [Fact]
    public virtual void GetSetTtl_Throws_WhenKeyIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetSetTtl(null!));

    [Fact]
    public virtual void GetSetTtl_IsNegative_WhenThereIsNoSet() => Assert.True(Connection.GetSetTtl("set") < TimeSpan.Zero);

    [Fact]
    public virtual void GetSetTtl_IsNegative_WhenTheSetDoesNotExpire()
    {
        AddToSet("set", ("a", 1));
        Assert.True(Connection.GetSetTtl("set") < TimeSpan.Zero);
    }

    [Fact]
    public virtual void GetSetTtl_TellsWhenTheSetExpires()
    {
        AddToSet("set", ("a", 1));
        Commit(transaction => transaction.ExpireSet("set", TimeSpan.FromHours(1)));
        Assert.InRange(Connection.GetSetTtl("set"), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }
}
