namespace Aggregator.Server.Settings;

/// <summary>Where a setting is from.</summary>
public enum SettingOrigin
{
    /// <summary>The program itself.</summary>
    Default,

    /// <summary>An <c>appsettings.json</c>.</summary>
    File,

    /// <summary>The environment.</summary>
    Environment,

    /// <summary>The command line.</summary>
    CommandLine,
}
