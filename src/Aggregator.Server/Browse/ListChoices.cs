using System.Globalization;

namespace Aggregator.Server.Browse;

/// <summary>What a list can be narrowed by.</summary>
/// <param name="Sources">Sources of its newest entries, with their titles, by title.</param>
/// <param name="Languages">Primary language subtags of its newest entries, commonest first.</param>
public sealed record ListChoices(IReadOnlyList<(long Id, string Title)> Sources, IReadOnlyList<string> Languages)
{
    /// <summary>The most sources that are offered.</summary>
    public const int MaxSources = 60;

    /// <summary>Whether there is anything to choose between.</summary>
    public bool IsEmpty => Sources.Count < 2 && Languages.Count < 2;

    /// <summary>A language's name in itself, or its tag when nobody here knows it.</summary>
    public static string NameOf(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language, predefinedOnly: true).NativeName;
        }
        catch (CultureNotFoundException)
        {
            return language;
        }
    }
}
