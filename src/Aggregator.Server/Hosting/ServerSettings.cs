using System.Net;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Hub;
using Aggregator.Core.WebSub;
using Aggregator.Server.Metrics;
using Aggregator.Server.Retention;
using Aggregator.Storage;

namespace Aggregator.Server.Hosting;

/// <summary>Everything that can be configured, read once, checked, and resolved to what it means on this machine.</summary>
internal sealed record ServerSettings
{
    /// <summary>The address that we listen on when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Where everything was read from.</summary>
    public required IConfigurationRoot Configuration { get; init; }

    /// <summary>The data folder, absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The catalogue folder, absolute; null when there is none.</summary>
    public string? CatalogueFolder { get; init; }

    /// <summary>Whether this process answers readers and admins.</summary>
    public required bool IsWeb { get; init; }

    /// <summary>Whether this process runs jobs.</summary>
    public required bool IsWorker { get; init; }

    /// <summary>The base of every absolute address that we publish.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Proxies besides those on this machine that are believed who the visitor is.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Where we are ourselves, by our public name and by what we listen on: never fetched from.</summary>
    public required IReadOnlyList<Uri> OwnAddresses { get; init; }

    /// <summary>How to reach the store.</summary>
    public required StoreConnectionString Store { get; init; }

    /// <summary>Where jobs are kept.</summary>
    public required JobStorageKind JobStorage { get; init; }

    /// <summary>How we fetch.</summary>
    public required FetchingOptions Fetching { get; init; }

    /// <summary>When we fetch.</summary>
    public required RefreshOptions Refresh { get; init; }

    /// <summary>How pages are captured.</summary>
    public required CaptureOptions Capture { get; init; }

    /// <summary>What we forget.</summary>
    public required RetentionOptions Retention { get; init; }

    /// <summary>How we subscribe at hubs.</summary>
    public required WebSubOptions WebSub { get; init; }

    /// <summary>How others subscribe at our hub.</summary>
    public required HubOptions Hub { get; init; }

    /// <summary>Who may read what we measure.</summary>
    public required MetricsOptions Metrics { get; init; }

    /// <summary>The file of the embedded job storage.</summary>
    public string JobsFile => Path.Combine(DataFolder, "jobs.db");

    /// <summary>Reads <c>appsettings.json</c> beside the program, the one in the data folder, the environment and the command line, later ones going first.</summary>
    /// <param name="arguments">The command line's settings; see <see cref="ConfigurationArguments"/>.</param>
    /// <exception cref="SettingException">A setting cannot be used.</exception>
    public static ServerSettings Read(string[] arguments)
    {
        try
        {
            var options = Build(arguments, dataFolder: null).GetSection("Aggregator").Get<AggregatorOptions>() ?? new AggregatorOptions();
            if (string.IsNullOrWhiteSpace(options.DataFolder)) throw new SettingException("Aggregator:DataFolder must name a folder.");
            var dataFolder = Path.GetFullPath(options.DataFolder);
            return Resolve(Build(arguments, dataFolder), dataFolder);
        }
        catch (Exception error) when (error is InvalidOperationException or InvalidDataException or FormatException)
        {
            // The binder's own sentence names the key and the value; a broken appsettings.json is named with its line.
            throw new SettingException(error.InnerException is { } cause && error is InvalidDataException ? $"{error.Message} {cause.Message}" : error.Message);
        }
    }

    private static IConfigurationRoot Build(string[] arguments, string? dataFolder)
    {
        var builder = new ConfigurationBuilder()
            .AddInMemoryCollection([new KeyValuePair<string, string?>("Urls", DefaultUrl)])
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        if (dataFolder is not null) builder.AddJsonFile(Path.Combine(dataFolder, "appsettings.json"), optional: true);
        return builder.AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(arguments).Build();
    }

    private static ServerSettings Resolve(IConfigurationRoot configuration, string dataFolder)
    {
        var options = configuration.GetSection("Aggregator").Get<AggregatorOptions>() ?? new AggregatorOptions();
        var fetching = configuration.GetSection("Fetching").Get<FetchingOptions>() ?? new FetchingOptions();
        var refresh = configuration.GetSection("Refresh").Get<RefreshOptions>() ?? new RefreshOptions();
        var capture = configuration.GetSection("Capture").Get<CaptureOptions>() ?? new CaptureOptions();
        var retention = configuration.GetSection("Retention").Get<RetentionOptions>() ?? new RetentionOptions();
        var webSub = configuration.GetSection("WebSub").Get<WebSubOptions>() ?? new WebSubOptions();
        var hub = configuration.GetSection("Hub").Get<HubOptions>() ?? new HubOptions();
        var metrics = configuration.GetSection("Metrics").Get<MetricsOptions>() ?? new MetricsOptions();
        var jobs = configuration.GetSection("Jobs").Get<JobsOptions>() ?? new JobsOptions();
        if ((fetching.Problem() ?? refresh.Problem() ?? capture.Problem() ?? retention.Problem() ?? webSub.Problem() ?? hub.Problem() ?? metrics.Problem()) is { } problem) throw new SettingException(problem);

        var (isWeb, isWorker) = ReadRoles(options.Roles);
        var connectionString = configuration.GetConnectionString("Store") is { Length: > 0 } configured
            ? configured
            : $"Data Source={Path.Combine(dataFolder, "store.db")}";
        var store = ReadStore(connectionString);
        if (store.Provider == StoreProvider.Sqlite && !(isWeb && isWorker))
            throw new SettingException(
                "Aggregator:Roles must be 'web,worker' with a SQLite store, for only one process may use its file. To divide the roles, name a PostgreSQL database in ConnectionStrings:Store.");

        return new ServerSettings
        {
            Configuration = configuration,
            DataFolder = dataFolder,
            CatalogueFolder = FindCatalogue(options.Catalogue),
            IsWeb = isWeb,
            IsWorker = isWorker,
            PublicUrl = ReadPublicUrl(options.PublicUrl, configuration["Urls"]!),
            TrustedProxies = ReverseProxy.Read(options.TrustedProxies),
            OwnAddresses = [ReadPublicUrl(options.PublicUrl, configuration["Urls"]!), .. ReadListening(configuration["Urls"]!)],
            Store = store,
            JobStorage = ReadJobStorage(jobs.Storage, store.Provider),
            Fetching = fetching,
            Refresh = refresh,
            Capture = capture,
            Retention = retention,
            WebSub = webSub,
            Hub = hub,
            Metrics = metrics,
        };
    }

    private static StoreConnectionString ReadStore(string connectionString)
    {
        try
        {
            return StoreConnectionString.Parse(connectionString);
        }
        catch (ArgumentException error)
        {
            throw new SettingException($"ConnectionStrings:Store cannot be used. {error.Message}");
        }
    }

    private static (bool IsWeb, bool IsWorker) ReadRoles(string roles)
    {
        var names = roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || Array.Exists(names, name => name is not ("web" or "worker")))
            throw new SettingException($"Aggregator:Roles is '{roles}'; it must be 'web', 'worker' or 'web,worker'.");
        return (names.Contains("web"), names.Contains("worker"));
    }

    private static Uri ReadPublicUrl(string? publicUrl, string urls)
    {
        if (!string.IsNullOrWhiteSpace(publicUrl))
            return Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
                ? url
                : throw new SettingException($"Aggregator:PublicUrl is '{publicUrl}'; it must be an absolute http or https address.");

        var first = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? DefaultUrl;
        var shown = first.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(shown, UriKind.Absolute, out var listening) && listening.Scheme is "http" or "https"
            ? listening
            : throw new SettingException($"Urls is '{urls}'; it must be addresses such as {DefaultUrl}, with semicolons between.");
    }

    private static IEnumerable<Uri> ReadListening(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(url => url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal))
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var listening) ? listening : null)
            .OfType<Uri>();

    private static JobStorageKind ReadJobStorage(string? storage, StoreProvider provider) => storage?.ToLowerInvariant() switch
    {
        null or "" => provider == StoreProvider.PostgreSql ? JobStorageKind.PostgreSql : JobStorageKind.Sqlite,
        "memory" => JobStorageKind.Memory,
        "sqlite" => JobStorageKind.Sqlite,
        "postgresql" when provider == StoreProvider.PostgreSql => JobStorageKind.PostgreSql,
        "postgresql" => throw new SettingException("Jobs:Storage can be 'postgresql' only when ConnectionStrings:Store names a PostgreSQL database."),
        _ => throw new SettingException($"Jobs:Storage is '{storage}'; it must be 'sqlite', 'postgresql' or 'memory'."),
    };

    private static string? FindCatalogue(string catalogue)
    {
        if (string.IsNullOrWhiteSpace(catalogue)) return null;
        var folder = Path.GetFullPath(catalogue);
        if (Directory.Exists(folder) || Path.IsPathRooted(catalogue)) return folder;

        // Started from another folder, the program still finds what it was delivered with.
        var bundled = Path.Combine(AppContext.BaseDirectory, catalogue);
        return Directory.Exists(bundled) ? bundled : folder;
    }
}
