namespace Aggregator.Server.Api;

/// <summary>
/// The lines of rules, told apart into rules and what stands around them: comments and empty lines belong to the rule below them, and
/// go where it goes.
/// </summary>
internal sealed class RuleLines
{
    private readonly List<Block> _blocks;
    private readonly IReadOnlyList<string> _tail;

    private RuleLines(List<Block> blocks, IReadOnlyList<string> tail) => (_blocks, _tail) = (blocks, tail);

    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<string> Rules => _blocks.ConvertAll(static block => block.Rule);

    public static RuleLines Of(string? text)
    {
        var blocks = new List<Block>();
        var above = new List<string>();
        foreach (var line in (text ?? "").ReplaceLineEndings("\n").Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                above.Add(line);
                continue;
            }

            blocks.Add(new Block(above, trimmed));
            above = [];
        }

        return new RuleLines(blocks, above);
    }

    /// <summary>The text with a rule put at a place, from 1; behind the last when it is one more than there are.</summary>
    public string With(int place, string rule) => Written([.. _blocks[..(place - 1)], new Block([], rule), .. _blocks[(place - 1)..]]);

    /// <summary>The text with another rule at a place.</summary>
    public string Replaced(int place, string rule) => Written([.. _blocks[..(place - 1)], _blocks[place - 1] with { Rule = rule }, .. _blocks[place..]]);

    /// <summary>The text without the rule at a place, and without what stands above it.</summary>
    public string Without(int place) => Written([.. _blocks[..(place - 1)], .. _blocks[place..]]);

    /// <summary>The text with the rules in another order, or null when that does not name each place once.</summary>
    public string? Ordered(IReadOnlyList<int> places) =>
        places.Count == _blocks.Count && places.Order().SequenceEqual(Enumerable.Range(1, _blocks.Count)) ? Written([.. places.Select(place => _blocks[place - 1])]) : null;

    private string Written(List<Block> blocks) => string.Join('\n', blocks.SelectMany(static block => block.Above.Append(block.Rule)).Concat(_tail)).Trim('\n');

    private sealed record Block(IReadOnlyList<string> Above, string Rule);
}
