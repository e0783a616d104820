using System.Text;

namespace Aggregator.Core.Routing;

/// <summary>What a rule asks of an entry. <see cref="ToString"/> writes it so that reading it again gives the same.</summary>
public abstract record RoutingCondition
{
    private RoutingCondition()
    {
    }

    /// <inheritdoc />
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private protected abstract void Write(StringBuilder text);

    // Without parentheses "not" binds closest, then "and", then "or"; both join from the left.
    private static void Write(StringBuilder text, RoutingCondition condition, bool inParentheses)
    {
        if (inParentheses) text.Append('(');
        condition.Write(text);
        if (inParentheses) text.Append(')');
    }

    /// <summary>A field compared with a text.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Operator">How.</param>
    /// <param name="Text">The text or pattern, 1 to <see cref="RoutingRules.MaxTextLength"/> characters.</param>
    public sealed record Comparison(RoutingField Field, RoutingOperator Operator, string Text) : RoutingCondition
    {
        private protected override void Write(StringBuilder text) => text
            .Append(RoutingWords.Of(Field)).Append(' ').Append(RoutingWords.Of(Operator)).Append(' ').Append(RoutingWords.Quoted(Text));
    }

    /// <summary>The opposite.</summary>
    /// <param name="Inner">Of what.</param>
    public sealed record Negation(RoutingCondition Inner) : RoutingCondition
    {
        private protected override void Write(StringBuilder text)
        {
            text.Append("not ");
            Write(text, Inner, Inner is Both or Either);
        }
    }

    /// <summary>Both.</summary>
    /// <param name="Left">The one.</param>
    /// <param name="Right">The other; not looked at when the one fails.</param>
    public sealed record Both(RoutingCondition Left, RoutingCondition Right) : RoutingCondition
    {
        private protected override void Write(StringBuilder text)
        {
            Write(text, Left, Left is Either);
            text.Append(" and ");
            Write(text, Right, Right is Both or Either);
        }
    }

    /// <summary>One of them, or both.</summary>
    /// <param name="Left">The one.</param>
    /// <param name="Right">The other; not looked at when the one holds.</param>
    public sealed record Either(RoutingCondition Left, RoutingCondition Right) : RoutingCondition
    {
        private protected override void Write(StringBuilder text)
        {
            Write(text, Left, inParentheses: false);
            text.Append(" or ");
            Write(text, Right, Right is Either);
        }
    }
}
