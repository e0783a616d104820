using System.Data.Common;
using Aggregator.Core.Audits;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace Aggregator.Server.Settings;

/// <summary>A setting that somebody made.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; secrets are masked.</param>
/// <param name="Origin">Where it is from.</param>
/// <param name="File">The file that it stands in, or null.</param>
public sealed record EffectiveSetting(string Key, string Value, SettingOrigin Origin, string? File)
{
    // The environment is full of what is none of ours.
    private static readonly string[] Sections =
    [
        "Accounts", "Aggregator", "Api", "Capture", "ConnectionStrings", "Embed", "Fetching", "Hub", "Jobs", "Kestrel", "Logging", "Metrics", "Publish",
        "Refresh", "Retention", "Search", "Site", "Subscriptions", "Takedown", "Urls", "WebSub",
    ];

    private static readonly string[] SecretWords = ["password", "secret", "token", "key", "credential"];

    /// <summary>The settings of our sections, by key.</summary>
    internal static IReadOnlyList<EffectiveSetting> Read(IConfigurationRoot configuration) =>
    [
        .. configuration.AsEnumerable()
            .Where(pair => pair.Value is not null && Sections.Contains(pair.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Select(pair =>
            {
                var provider = configuration.Providers.Last(provider => provider.TryGet(pair.Key, out _));
                return new EffectiveSetting(pair.Key, Shown(pair.Key, pair.Value!), OriginOf(provider), (provider as JsonConfigurationProvider)?.Source.Path);
            }),
    ];

    private static SettingOrigin OriginOf(IConfigurationProvider provider) => provider switch
    {
        CommandLineConfigurationProvider => SettingOrigin.CommandLine,
        EnvironmentVariablesConfigurationProvider => SettingOrigin.Environment,
        JsonConfigurationProvider => SettingOrigin.File,
        _ => SettingOrigin.Default,
    };

    private static string Shown(string key, string value)
    {
        if (key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase)) return WithoutPassword(value);
        if (Array.Exists(SecretWords, word => key.Contains(word, StringComparison.OrdinalIgnoreCase))) return AuditState.Masked;
        return value.Contains("://", StringComparison.Ordinal) && value.Contains('@', StringComparison.Ordinal) ? AuditState.Masked : value;
    }

    private static string WithoutPassword(string value)
    {
        var words = new DbConnectionStringBuilder { ConnectionString = value };
        foreach (var name in words.Keys.Cast<string>().ToList())
            if (name.Contains("pass", StringComparison.OrdinalIgnoreCase) || name.Equals("pwd", StringComparison.OrdinalIgnoreCase))
                words[name] = AuditState.Masked;
        return words.ConnectionString;
    }
}
