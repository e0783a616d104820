using Npgsql;
using Xunit;

namespace Aggregator.Storage.Tests;

public sealed class StoreConnectionStringTests
{
    [Theory]
    [InlineData("Data Source=data/store.db")]
    [InlineData("data source = data/store.db ; Cache=Private")]
    [InlineData("DataSource=data/store.db")]
    [InlineData("Filename=data/store.db")]
    public void A_data_source_is_a_sqlite_file(string text)
    {
        var parsed = StoreConnectionString.Parse(text);

        Assert.Equal((StoreProvider.Sqlite, Path.GetFullPath("data/store.db")), (parsed.Provider, parsed.FilePath));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Database=aggregator;Username=a;Password=b")]
    [InlineData("host=/run/postgresql;database=a")]
    [InlineData("Server=db.example.org")]
    public void A_host_is_postgresql(string text)
    {
        var parsed = StoreConnectionString.Parse(text);

        Assert.Equal((StoreProvider.PostgreSql, null), (parsed.Provider, parsed.FilePath));
        var (given, read) = (new NpgsqlConnectionStringBuilder(text), new NpgsqlConnectionStringBuilder(parsed.Value));
        Assert.Equal((given.Host, given.Database, given.Username, given.Password), (read.Host, read.Database, read.Username, read.Password));
    }

    [Fact]
    public void Two_processes_stay_below_what_PostgreSQL_lets_in_by_default()
    {
        const int LetIn = 100 - 3;
        var parsed = StoreConnectionString.Parse("Host=127.0.0.1");
        var (store, jobs) = (new NpgsqlConnectionStringBuilder(parsed.Value).MaxPoolSize, new NpgsqlConnectionStringBuilder(parsed.ValueForJobs).MaxPoolSize);
        Assert.Equal((StoreConnectionString.MaxConnections, StoreConnectionString.MaxJobConnections), (store, jobs));
        Assert.True(2 * (store + jobs) < LetIn);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Maximum Pool Size=200")]
    [InlineData("Host=127.0.0.1;MaxPoolSize=7")]
    public void A_pool_size_that_is_said_is_left_as_it_is(string text)
    {
        var parsed = StoreConnectionString.Parse(text);
        Assert.Equal((text, text), (parsed.Value, parsed.ValueForJobs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("store.db")]
    [InlineData("Database=a;Password=geheim")]
    [InlineData("postgres://user:geheim@example.org/a")]
    [InlineData("Host=a;Data Source=b;Password=geheim")]
    [InlineData("Host=a;=geheim")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=")]
    [InlineData("Data Source=a;Mode=Memory")]
    [InlineData("Data Source=file:a?mode=memory")]
    public void Anything_else_is_refused_with_both_forms_and_without_the_password(string text)
    {
        var refusal = Assert.Throws<ArgumentException>(() => StoreConnectionString.Parse(text));

        Assert.Contains("Data Source=", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Host=", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=a;Pasword=geheim", "pasword")]
    [InlineData("Host=a;Port=geheim", "port")]
    [InlineData("Data Source=a;Kache=geheim", "kache")]
    public void A_keyword_that_the_provider_does_not_know_is_refused_by_its_name(string text, string keyword)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(() => StoreConnectionString.Parse(text));

        Assert.Contains(keyword, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("geheim", refusal.Message, StringComparison.Ordinal);
    }
}
