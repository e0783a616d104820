using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// What a visitor looks for: words that must all occur, <c>"phrases"</c>, <c>-without</c>, <c>title:</c>, <c>author:</c>, <c>source:</c>
/// (also 标题: 作者: 来源:). Whatever is typed is a search; an operator that makes no sense is taken for the words that it is made of.
/// </summary>
public sealed record SearchQuery
{
    /// <summary>The longest search, in UTF-16 code units; nothing is read of longer ones.</summary>
    public const int MaxLength = 500;

    /// <summary>The most parts; further ones are left out.</summary>
    public const int MaxUnits = 16;

    private static readonly (string Name, SearchField Field)[] Fields =
    [
        ("title", SearchField.Title), ("标题", SearchField.Title), ("標題", SearchField.Title),
        ("author", SearchField.Author), ("作者", SearchField.Author),
        ("source", SearchField.Source), ("来源", SearchField.Source), ("來源", SearchField.Source),
    ];

    private SearchQuery(IReadOnlyList<SearchUnit> units)
    {
        Units = units;
        Canonical = string.Join(' ', units.Select(Write));
    }

    /// <summary>Its parts, in order, each once.</summary>
    public IReadOnlyList<SearchUnit> Units { get; }

    /// <summary>The search in its one spelling: two searches that find the same by their words have the same.</summary>
    public string Canonical { get; }

    /// <summary>Whether it looks for nothing.</summary>
    public bool IsEmpty => Units.Count == 0;

    /// <summary>Reads what was typed. Never throws; longer than <see cref="MaxLength"/> is empty.</summary>
    public static SearchQuery Parse(string? typed)
    {
        var units = new List<SearchUnit>();
        if (typed is not null && typed.Length <= MaxLength)
        {
            var at = 0;
            while (at < typed.Length && units.Count < MaxUnits)
            {
                if (char.IsWhiteSpace(typed[at]))
                {
                    at++;
                    continue;
                }

                var isExcluded = typed[at] is '-' or '－' or '−';
                if (isExcluded) at++;
                var field = FieldAt(typed, ref at);
                var text = FoldedText.Fold(ReadOperand(typed, ref at));
                if (text.Length == 0) continue;
                var unit = new SearchUnit(field, text, isExcluded);
                if (!units.Contains(unit)) units.Add(unit);
            }
        }

        return new SearchQuery(units);
    }

    /// <summary>The same, but for words that may stand anywhere: these have to stand in the title.</summary>
    internal SearchQuery InTitles() => new([.. Units.Select(unit => unit is { Field: SearchField.Text, IsExcluded: false } ? unit with { Field = SearchField.Title } : unit)]);

    /// <inheritdoc />
    public bool Equals(SearchQuery? other) => other is not null && Canonical == other.Canonical;

    /// <inheritdoc />
    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether a document has, letter by letter, what is looked for. What is asked of the source is not its concern.</summary>
    internal bool Matches(SearchText document)
    {
        foreach (var unit in Units)
        {
            if (unit.Field == SearchField.Source) continue;
            var within = unit.Field switch
            {
                SearchField.Title => document.Title,
                SearchField.Author => document.Authors,
                _ => document.All,
            };
            if (FoldedText.IndexOf(within, unit.Text) >= 0 == unit.IsExcluded) return false;
        }

        return true;
    }

    private static SearchField FieldAt(string typed, ref int at)
    {
        foreach (var (name, field) in Fields)
        {
            var end = at + name.Length;
            if (end < typed.Length && typed[end] is ':' or '：' && string.Compare(typed, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
                && end + 1 < typed.Length && !char.IsWhiteSpace(typed[end + 1]))
            {
                at = end + 1;
                return field;
            }
        }

        return SearchField.Text;
    }

    private static string ReadOperand(string typed, ref int at)
    {
        if (at >= typed.Length) return "";
        var closing = ClosingOf(typed[at]);
        var start = at;
        if (closing is not null)
        {
            start = ++at;
            while (at < typed.Length && !closing.Contains(typed[at], StringComparison.Ordinal)) at++;
            return typed[start..Math.Min(at++, typed.Length)];
        }

        while (at < typed.Length && !char.IsWhiteSpace(typed[at]) && ClosingOf(typed[at]) is null) at++;
        return typed[start..at];
    }

    // What Chinese keyboards type for the same key counts too.
    private static string? ClosingOf(char c) => c is '"' or '“' or '”' or '„' or '＂' ? "\"”“＂" : null;

    private static string Write(SearchUnit unit)
    {
        var written = new StringBuilder();
        if (unit.IsExcluded) written.Append('-');
        if (unit.Field != SearchField.Text) written.Append(unit.Field.ToString().ToLowerInvariant()).Append(':');
        return unit.Text.Contains(' ', StringComparison.Ordinal)
            ? written.Append('"').Append(unit.Text).Append('"').ToString()
            : written.Append(unit.Text).ToString();
    }
}
