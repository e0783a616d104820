using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;

namespace Aggregator.Server.Settings;

/// <summary>What the page of settings shows.</summary>
/// <param name="Settings">What is configured.</param>
/// <param name="Store">What the store is.</param>
/// <param name="JobStorage">Where jobs are kept.</param>
/// <param name="Version">The program's version.</param>
/// <param name="CanBackUp">Whether the store is a file, and the visitor may have a copy.</param>
/// <param name="IsFile">Whether the store is a file.</param>
/// <param name="Token">The hidden field of the form.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record SettingsModel(
    IReadOnlyList<EffectiveSetting> Settings, StoreFacts Store, string JobStorage, string Version, bool CanBackUp, bool IsFile, FormToken Token, string DashboardPath);
