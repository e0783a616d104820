using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class PersonTextTests
{
    [Theory]
    [InlineData("Ann", "Ann", null)]
    [InlineData("ann@example.org", "ann@example.org", "ann@example.org")]
    [InlineData("ann@example.org (Ann Lee)", "Ann Lee", "ann@example.org")]
    [InlineData("ann@example.org (Ann (Annie) Lee)", "Ann (Annie) Lee", "ann@example.org")]
    [InlineData("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org")]
    [InlineData("\"Lee, Ann\" <ann@example.org>", "Lee, Ann", "ann@example.org")]
    [InlineData("Ann Lee (ann@example.org)", "Ann Lee", "ann@example.org")]
    [InlineData("Ann Lee (mailto:ann@example.org)", "Ann Lee", "ann@example.org")]
    [InlineData("Ann Lee [ann@example.org]", "Ann Lee", "ann@example.org")]
    [InlineData("Ann Lee, ann@example.org", "Ann Lee", "ann@example.org")]
    [InlineData("ann@example.org ()", "ann@example.org", "ann@example.org")]
    [InlineData("<ann@example.org>", "ann@example.org", "ann@example.org")]
    [InlineData("@ann", "@ann", null)]
    [InlineData("Ann @ Home", "Ann @ Home", null)]
    [InlineData("李雷 <li@example.org>", "李雷", "li@example.org")]
    public void Tells_the_name_from_the_address(string text, string name, string? email)
    {
        var person = PersonText.Parse(text);
        Assert.Equal((name, email), (person!.Name, person.Email));
    }
}
