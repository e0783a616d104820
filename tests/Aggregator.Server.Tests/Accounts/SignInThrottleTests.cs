using System.Globalization;
using System.Net;
using Aggregator.Server.Accounts;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class SignInThrottleTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider _clock = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(Options.Create(new AccountOptions()), _clock);

    [Fact]
    public void A_name_is_locked_for_an_address_after_five_failures()
    {
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Begin("anna", Here));
        Assert.Equal(TimeSpan.FromMinutes(15), _throttle.Begin("anna", Here));
    }

    [Fact]
    public void Writing_the_name_otherwise_opens_no_way_round()
    {
        foreach (var name in new[] { "anna", "ANNA", " Anna", "anna ", "aNNa" }) Assert.Null(_throttle.Begin(name, Here));
        Assert.NotNull(_throttle.Begin("Anna", Here));
    }

    [Fact]
    public void A_stranger_cannot_lock_an_admin_out()
    {
        for (var i = 0; i < 6; i++) _throttle.Begin("anna", There);
        Assert.Null(_throttle.Begin("anna", Here));
    }

    [Fact]
    public void A_lock_ends_a_quarter_of_an_hour_after_the_last_failure()
    {
        for (var i = 0; i < 5; i++) _throttle.Begin("anna", Here);
        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(TimeSpan.FromMinutes(1), _throttle.Begin("anna", Here));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_throttle.Begin("anna", Here));
    }

    [Fact]
    public void Being_right_forgets_the_failures()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(_throttle.Begin("anna", Here));
            _throttle.Succeeded("anna", Here);
        }

        Assert.Equal(0, _throttle.Count);
    }

    [Fact]
    public void Trying_every_name_locks_the_address()
    {
        for (var i = 0; i < 50; i++) Assert.Null(_throttle.Begin(Name(i), Here));
        Assert.NotNull(_throttle.Begin("anna", Here));
        Assert.Null(_throttle.Begin("anna", There));
    }

    [Fact]
    public void The_addresses_of_one_customers_network_are_one_address()
    {
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Begin("anna", IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:2::{i}"))));
        Assert.NotNull(_throttle.Begin("anna", IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.Null(_throttle.Begin("anna", IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void An_address_written_as_IPv6_is_still_itself()
    {
        for (var i = 0; i < 5; i++) _throttle.Begin("anna", Here.MapToIPv6());
        Assert.NotNull(_throttle.Begin("anna", Here));
    }

    [Fact]
    public void Many_at_once_get_no_more_tries_than_one_after_another()
    {
        var allowed = 0;
        Parallel.For(0, 200, _ =>
        {
            if (_throttle.Begin("anna", Here) is null) Interlocked.Increment(ref allowed);
        });
        Assert.Equal(5, allowed);
    }

    [Fact]
    public void It_remembers_a_bounded_number_and_keeps_the_latest()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _throttle.Begin(Name(i), new IPAddress(0x0A000000L + i));
            if (i % 100 == 0) _clock.Advance(TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 5; i++) _throttle.Begin("anna", Here);
        Assert.InRange(_throttle.Count, 1, SignInThrottle.Capacity);
        Assert.NotNull(_throttle.Begin("anna", Here));
    }

    [Fact]
    public void A_flood_of_other_names_and_addresses_opens_no_lock()
    {
        for (var i = 0; i < 5; i++) Assert.Null(_throttle.Begin("anna", Here));
        for (var i = 0; i < 20_000; i++) _throttle.Begin(Name(i), new IPAddress(0x0A000000L + i));
        Assert.NotNull(_throttle.Begin("anna", Here));
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
