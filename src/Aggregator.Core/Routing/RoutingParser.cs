using System.Globalization;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Core.Routing;

/// <summary>
/// Reads one rule by recursive descent:
/// <code>
/// rule       = or "then" ( "category" text | "tag" text | "drop" )
/// or         = and { "or" and }
/// and        = not { "and" not }
/// not        = "not" not | "(" or ")" | comparison
/// comparison = field ( "contains" | "matches" | "equals" ) text
/// text       = '"' { any character, \" or \\ } '"'
/// </code>
/// Words are in any case. What is wrong comes back as a value with its place.
/// </summary>
internal sealed class RoutingParser(string line, int number)
{
    private const string OperatorList = "\"contains\", \"matches\" or \"equals\"";

    private int _position;
    private int _depth;
    private int _comparisons;
    private RoutingProblem? _problem;

    /// <summary>Reads the line; null with a problem when it is no rule.</summary>
    public static RoutingRule? Parse(string line, int number, out RoutingProblem? problem)
    {
        var parser = new RoutingParser(line, number);
        var rule = parser.Rule();
        problem = parser._problem;
        return problem is null ? rule : null;
    }

    private RoutingRule? Rule()
    {
        var condition = Or();
        if (condition is null) return null;
        if (!TakeWord("then")) return Expected<RoutingRule>("\"and\", \"or\" or \"then\"");
        var action = Action();
        if (action is null) return null;
        SkipSpaces();
        return _position < line.Length ? Expected<RoutingRule>(RoutingProblem.TheEnd) : new RoutingRule(condition, action);
    }

    private RoutingAction? Action()
    {
        if (TakeWord(RoutingWords.Drop)) return new RoutingAction.Drop();
        if (TakeWord(RoutingWords.Tag)) return Text(RoutingRules.MaxTagLength) is { } tag ? new RoutingAction.AddTag(tag) : null;
        if (!TakeWord(RoutingWords.Category)) return Expected<RoutingAction>("\"category\", \"tag\" or \"drop\"");
        SkipSpaces();
        var at = _position;
        if (Text(CategorySlug.MaxLength) is not { } slug) return null;
        return CategorySlug.IsValid(slug) ? new RoutingAction.IntoCategory(slug) : Fail<RoutingAction>(at, RoutingProblemKind.Slug, "");
    }

    private RoutingCondition? Or()
    {
        var left = And();
        while (left is not null && TakeWord("or")) left = And() is { } right ? new RoutingCondition.Either(left, right) : null;
        return left;
    }

    private RoutingCondition? And()
    {
        var left = Not();
        while (left is not null && TakeWord("and")) left = Not() is { } right ? new RoutingCondition.Both(left, right) : null;
        return left;
    }

    private RoutingCondition? Not()
    {
        SkipSpaces();
        var at = _position;
        var isNot = TakeWord("not");
        if (!isNot && !Take('(')) return Comparison();
        if (++_depth > RoutingRules.MaxDepth) return Fail<RoutingCondition>(at, RoutingProblemKind.TooDeep, RoutingRules.MaxDepth.ToString(CultureInfo.InvariantCulture));
        var inner = isNot ? Not() : Or();
        _depth--;
        if (inner is null) return null;
        if (isNot) return new RoutingCondition.Negation(inner);
        return Take(')') ? inner : Expected<RoutingCondition>("\"and\", \"or\" or \")\"");
    }

    private RoutingCondition.Comparison? Comparison()
    {
        var start = _position;
        if (++_comparisons > RoutingRules.MaxComparisons)
            return Fail<RoutingCondition.Comparison>(start, RoutingProblemKind.TooMany, $"{RoutingRules.MaxComparisons} comparisons in a rule");
        var field = TakeOneOf(RoutingWords.Fields);
        if (field < 0) return Expected<RoutingCondition.Comparison>(RoutingProblem.AField);
        var comparison = TakeOneOf(RoutingWords.Operators);
        if (comparison < 0) return Expected<RoutingCondition.Comparison>(OperatorList);
        SkipSpaces();
        var at = _position;
        if (Text(RoutingRules.MaxTextLength) is not { } text) return null;
        if ((RoutingOperator)comparison == RoutingOperator.Matches && RoutingPattern.Problem(text) is { } problem)
            return Fail<RoutingCondition.Comparison>(at, RoutingProblemKind.Pattern, problem);
        return new RoutingCondition.Comparison((RoutingField)field, (RoutingOperator)comparison, text);
    }

    private string? Text(int maxLength)
    {
        SkipSpaces();
        var start = _position;
        if (!Take('"')) return Expected<string>(RoutingProblem.AText);
        var text = new StringBuilder();
        while (_position < line.Length)
        {
            var c = line[_position++];
            if (c == '"')
            {
                return text.Length is > 0 && text.Length <= maxLength
                    ? text.ToString()
                    : Fail<string>(start, RoutingProblemKind.TextLength, maxLength.ToString(CultureInfo.InvariantCulture));
            }

            // Only a mark and a backslash are escaped: "\d" of a pattern is itself.
            if (c == '\\' && _position < line.Length && line[_position] is ('"' or '\\')) c = line[_position++];
            text.Append(c);
        }

        return Fail<string>(start, RoutingProblemKind.Unclosed, "");
    }

    private bool Take(char c)
    {
        SkipSpaces();
        if (_position >= line.Length || line[_position] != c) return false;
        _position++;
        return true;
    }

    private bool TakeWord(string word)
    {
        SkipSpaces();
        var end = _position + word.Length;
        if (end > line.Length || !line.AsSpan(_position, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        if (end < line.Length && char.IsLetterOrDigit(line[end])) return false;
        _position = end;
        return true;
    }

    private int TakeOneOf(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
            if (TakeWord(words[i]))
                return i;
        return -1;
    }

    private void SkipSpaces()
    {
        while (_position < line.Length && char.IsWhiteSpace(line[_position])) _position++;
    }

    private T? Expected<T>(string what)
        where T : class
    {
        SkipSpaces();
        return Fail<T>(_position, RoutingProblemKind.Expected, what);
    }

    private T? Fail<T>(int position, RoutingProblemKind kind, string detail)
        where T : class
    {
        _problem ??= new RoutingProblem(number, position + 1, kind, detail);
        return null;
    }
}
