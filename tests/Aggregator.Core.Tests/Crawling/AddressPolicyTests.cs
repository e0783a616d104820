using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class AddressPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly Uri Target = new("https://new.example/feed");
    private static readonly AddressPolicy Policy = new(new FetchingOptions());

    [Fact]
    public void Moves_only_after_the_redirect_was_seen_often_and_for_long()
    {
        var source = Source();
        for (var day = 0; day <= 20; day++)
        {
            var (state, moveTo) = Policy.AfterSuccess(source, Target, true, Now.AddDays(day));
            Assert.Equal(day >= 7, moveTo is not null);
            if (moveTo is not null)
            {
                Assert.Equal("https://new.example/feed", moveTo);
                Assert.Equal(("http://old.example/feed", null, 0), (state.MovedFrom, state.MovedTo, state.MovedSeen));
                return;
            }

            source = source with { FetchState = state };
        }
    }

    [Fact]
    public void Waits_for_enough_fetches_however_long_they_take()
    {
        var source = Source();
        for (var seen = 1; seen < 5; seen++)
        {
            var (state, moveTo) = Policy.AfterSuccess(source, Target, true, Now.AddDays(30 * seen));
            Assert.Null(moveTo);
            Assert.Equal(seen, state.MovedSeen);
            source = source with { FetchState = state };
        }

        Assert.NotNull(Policy.AfterSuccess(source, Target, true, Now.AddDays(200)).MoveTo);
    }

    [Fact]
    public void Begins_anew_when_the_redirect_ends_or_leads_elsewhere()
    {
        var almost = Source() with { FetchState = new FetchState { MovedTo = Target.AbsoluteUri, MovedSince = Now.AddDays(-60), MovedSeen = 50 } };
        var (ended, _) = Policy.AfterSuccess(almost, null, true, Now);
        Assert.Equal(FetchState.Nothing, ended);
        var (elsewhere, moveTo) = Policy.AfterSuccess(almost, new Uri("https://evil.example/"), true, Now);
        Assert.Null(moveTo);
        Assert.Equal((1, Now), (elsewhere.MovedSeen, elsewhere.MovedSince));
    }

    [Theory]
    [InlineData("http://user:pass@old.example/feed", false)]
    [InlineData("http://old.example/feed", true)]
    public void Carries_no_secret_to_another_origin(string url, bool hasCookies)
    {
        var source = Source() with
        {
            Url = url,
            FetchSettings = hasCookies ? new FetchSettings { Cookies = "a=b" } : null,
            FetchState = new FetchState { MovedTo = Target.AbsoluteUri, MovedSince = Now.AddDays(-60), MovedSeen = 50 },
        };
        Assert.Null(Policy.AfterSuccess(source, Target, true, Now).MoveTo);
    }

    [Theory]
    [InlineData(FetchFailureKind.NotFound, 10, 28, true)]
    [InlineData(FetchFailureKind.UnknownHost, 30, 40, true)]
    [InlineData(FetchFailureKind.NotFound, 9, 28, false)]
    [InlineData(FetchFailureKind.NotFound, 10, 27, false)]
    [InlineData(FetchFailureKind.ServerError, 100, 365, false)]
    [InlineData(FetchFailureKind.TimedOut, 100, 365, false)]
    public void Counts_a_source_as_gone_that_was_away_for_weeks(FetchFailureKind kind, int failures, int days, bool expected)
    {
        var first = AddressPolicy.AfterFailure(FetchState.Nothing, new FetchFailure(kind, "It.", Now.AddDays(-days)), null);
        var last = new FetchFailure(kind, "It.", Now);
        Assert.Equal(expected, Policy.IsDead(AddressPolicy.AfterFailure(first, last, null), last, failures, Now));
    }

    [Fact]
    public void Counts_only_the_time_in_which_nothing_else_came_as_being_away()
    {
        var state = FetchState.Nothing;
        for (var day = 0; day <= 60; day++)
        {
            // A month of faults of the server, and one day on which it cannot be found.
            var failure = new FetchFailure(day is < 30 or 32 ? FetchFailureKind.ServerError : FetchFailureKind.NotFound, "It.", Now.AddDays(day));
            state = AddressPolicy.AfterFailure(state, failure, null);
            Assert.Equal(day < 30 || day == 32 ? null : Now.AddDays(day < 32 ? 30 : 33), state.AwaySince);
            Assert.False(Policy.IsDead(state, failure, day + 1, failure.At));
        }

        // An error of our own says nothing of the publisher.
        Assert.Equal(state, AddressPolicy.AfterFailure(state, new FetchFailure(FetchFailureKind.InternalError, "It.", Now.AddDays(60)), null));
        var last = new FetchFailure(FetchFailureKind.UnknownHost, "It.", Now.AddDays(61));
        Assert.True(Policy.IsDead(AddressPolicy.AfterFailure(state, last, null), last, 62, last.At));
        Assert.Null(Policy.AfterSuccess(Source() with { FetchState = state }, null, true, Now.AddDays(62)).State.AwaySince);
    }

    [Fact]
    public void Moves_only_to_where_a_feed_came_from()
    {
        var almost = Source() with { FetchState = new FetchState { MovedTo = Target.AbsoluteUri, MovedSince = Now.AddDays(-60), MovedSeen = 50 } };
        var (said, moveTo) = Policy.AfterSuccess(almost, Target, hasFeed: false, Now);
        Assert.Equal((null, 51), (moveTo, said.MovedSeen));
        Assert.Equal(Target.AbsoluteUri, Policy.AfterSuccess(almost with { FetchState = said }, Target, hasFeed: true, Now).MoveTo);

        // What is there but no feed begins the count anew; a host that did not answer says nothing.
        var silent = AddressPolicy.AfterFailure(said, new FetchFailure(FetchFailureKind.TimedOut, "It.", Now), null);
        Assert.Equal(51, silent.MovedSeen);
        foreach (var kind in (FetchFailureKind[])[FetchFailureKind.TimedOut, FetchFailureKind.TooManyRequests, FetchFailureKind.ServerError, FetchFailureKind.InternalError])
            Assert.Equal(51, AddressPolicy.AfterFailure(said, new FetchFailure(kind, "It.", Now), Target).MovedSeen);
        var html = AddressPolicy.AfterFailure(said, new FetchFailure(FetchFailureKind.HtmlInsteadOfFeed, "It.", Now), Target);
        Assert.Equal((null, null, 0), (html.MovedTo, html.MovedSince, html.MovedSeen));
    }

    [Theory]
    [InlineData(FetchFailureKind.NotFound, 3, false, true)]
    [InlineData(FetchFailureKind.NotFound, 4, false, false)]
    [InlineData(FetchFailureKind.Gone, 1, true, true)]
    [InlineData(FetchFailureKind.HtmlInsteadOfFeed, 3, false, true)]
    [InlineData(FetchFailureKind.UnknownHost, 20, true, false)]
    public void Looks_around_once_and_when_the_source_is_retired(FetchFailureKind kind, int failures, bool isRetired, bool expected) =>
        Assert.Equal(expected, AddressPolicy.ShouldLookAround(new FetchFailure(kind, "It.", Now), failures, isRetired));

    private static Source Source() => new()
    {
        Id = 1,
        Url = "http://old.example/feed",
        State = SourceState.Active,
        NextFetchAt = Now,
        CreatedAt = Now,
    };
}
