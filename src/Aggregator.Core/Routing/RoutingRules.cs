using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Aggregator.Core.Routing;

/// <summary>
/// The rules of a category or a source, one a line, ready for use. Empty lines and lines that begin with <c>#</c> say nothing.
/// For example: <c>title contains "广告" or tag equals "sponsored" then drop</c>.
/// </summary>
public sealed class RoutingRules
{
    /// <summary>The most characters of all lines together.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The most rules.</summary>
    public const int MaxRules = 100;

    /// <summary>The most comparisons of one rule.</summary>
    public const int MaxComparisons = 32;

    /// <summary>How deep parentheses and <c>not</c> nest.</summary>
    public const int MaxDepth = 16;

    /// <summary>The longest text or pattern of a comparison, in characters.</summary>
    public const int MaxTextLength = 200;

    /// <summary>The longest tag that a rule gives, in characters.</summary>
    public const int MaxTagLength = 100;

    /// <summary>How much of a field is looked at, in characters.</summary>
    public const int MaxInputLength = 64 * 1024;

    /// <summary>No rules.</summary>
    public static readonly RoutingRules None = new([]);

    private static readonly char[] LineBreaks = ['\n'];

    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    private RoutingRules(IReadOnlyList<RoutingRule> rules)
    {
        Rules = rules;
        foreach (var rule in rules) Compile(rule.Condition);
    }

    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<RoutingRule> Rules { get; }

    /// <summary>Reads rules. Nothing that is written makes it throw.</summary>
    /// <param name="text">The lines, or null for none.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="problem">The first thing that is wrong, with its place.</param>
    /// <returns>Whether all lines could be read.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RoutingRules? rules, [NotNullWhen(false)] out RoutingProblem? problem)
    {
        rules = null;
        problem = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            rules = None;
            return true;
        }

        if (text.Length > MaxLength)
        {
            problem = new RoutingProblem(1, 1, RoutingProblemKind.TooLong, MaxLength.ToString(CultureInfo.InvariantCulture));
            return false;
        }

        var read = new List<RoutingRule>();
        var number = 0;
        foreach (var line in text.Split(LineBreaks))
        {
            number++;
            var trimmed = line.TrimEnd();
            if (trimmed.Length == 0 || trimmed.TrimStart().StartsWith('#')) continue;
            if (RoutingParser.Parse(trimmed, number, out problem) is not { } rule)
            {
                problem ??= new RoutingProblem(number, 1, RoutingProblemKind.Expected, RoutingProblem.ARule);
                return false;
            }

            if (read.Count == MaxRules)
            {
                problem = new RoutingProblem(number, 1, RoutingProblemKind.TooMany, $"{MaxRules} rules");
                return false;
            }

            read.Add(rule);
        }

        rules = new RoutingRules(read);
        return true;
    }

    /// <summary>The rules as they stand in the store; what cannot be read there (written by a newer version) is no rule.</summary>
    public static RoutingRules Of(string? stored) => TryParse(stored, out var rules, out _) ? rules : None;

    /// <summary>
    /// Says what becomes of an entry: the rules of its source first, then those of its source's categories in their order; every rule whose condition holds does
    /// what it says, until one drops the entry. Pure.
    /// </summary>
    /// <param name="owners">The rules, by whose they are.</param>
    /// <param name="subject">The entry.</param>
    /// <param name="explain">Whether to say of every rule why it held or did not.</param>
    public static RoutingOutcome Apply(IEnumerable<RoutingRules> owners, RoutingSubject subject, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(owners);
        ArgumentNullException.ThrowIfNull(subject);
        var applied = new List<RoutingRule>();
        var traces = new List<RoutingTrace>();
        foreach (var owner in owners)
        {
            foreach (var rule in owner.Rules)
            {
                var steps = explain ? new List<RoutingStep>() : null;
                var holds = owner.Holds(rule.Condition, subject, steps);
                if (steps is not null) traces.Add(new RoutingTrace(rule, holds, steps));
                if (!holds) continue;
                applied.Add(rule);
                if (rule.Action is RoutingAction.Drop) return new RoutingOutcome(applied, traces);
            }
        }

        return new RoutingOutcome(applied, traces);
    }

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', Rules);

    private bool Holds(RoutingCondition condition, RoutingSubject subject, List<RoutingStep>? steps)
    {
        switch (condition)
        {
            case RoutingCondition.Negation not: return !Holds(not.Inner, subject, steps);
            case RoutingCondition.Both and: return Holds(and.Left, subject, steps) && Holds(and.Right, subject, steps);
            case RoutingCondition.Either or: return Holds(or.Left, subject, steps) || Holds(or.Right, subject, steps);
            case RoutingCondition.Comparison comparison:
                string? found = null;
                foreach (var value in subject.Of(comparison.Field))
                {
                    if (!Holds(comparison, value)) continue;
                    found = value;
                    break;
                }

                steps?.Add(new RoutingStep(comparison, found is not null, found));
                return found is not null;
            default: throw new ArgumentOutOfRangeException(nameof(condition), condition, "Unknown condition.");
        }
    }

    private bool Holds(RoutingCondition.Comparison comparison, string value)
    {
        switch (comparison.Operator)
        {
            case RoutingOperator.Contains: return value.Contains(comparison.Text, StringComparison.OrdinalIgnoreCase);
            case RoutingOperator.EqualTo:
                return value.Equals(comparison.Text, StringComparison.OrdinalIgnoreCase)
                    || (comparison.Field == RoutingField.Language && value.StartsWith(comparison.Text + "-", StringComparison.OrdinalIgnoreCase));
            case RoutingOperator.Matches:
                try
                {
                    return _patterns[comparison.Text].IsMatch(value);
                }
                catch (RegexMatchTimeoutException)
                {
                    return false; // A pattern that is too slow for this entry does not hold for it.
                }

            default: throw new ArgumentOutOfRangeException(nameof(comparison), comparison.Operator, "Unknown operator.");
        }
    }

    private void Compile(RoutingCondition condition)
    {
        switch (condition)
        {
            case RoutingCondition.Negation not: Compile(not.Inner); break;
            case RoutingCondition.Both and: Compile(and.Left); Compile(and.Right); break;
            case RoutingCondition.Either or: Compile(or.Left); Compile(or.Right); break;
            case RoutingCondition.Comparison { Operator: RoutingOperator.Matches } comparison:
                _patterns.TryAdd(comparison.Text, RoutingPattern.Compile(comparison.Text));
                break;
        }
    }
}
