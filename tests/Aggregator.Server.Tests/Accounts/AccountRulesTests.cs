using Aggregator.Server.Accounts;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("anna", "the quay is long")]
    [InlineData("安娜", "港口的夜里有四盏灯亮着")]
    [InlineData("anna.b@example.org", "0123456789")]
    [InlineData("a", "          .")]
    public void A_name_and_a_sentence_are_taken(string name, string password) =>
        Assert.Null(AccountRules.Check(name, password));

    [Theory]
    [InlineData("", "the quay is long", AccountProblem.NameMissing)]
    [InlineData("  ", "the quay is long", AccountProblem.NameMissing)]
    [InlineData("anna ", "the quay is long", AccountProblem.NameHasControls)]
    [InlineData("an\u0000na", "the quay is long", AccountProblem.NameHasControls)]
    [InlineData("an\nna", "the quay is long", AccountProblem.NameHasControls)]
    [InlineData("anna", "", AccountProblem.PasswordTooShort)]
    [InlineData("anna", "123456789", AccountProblem.PasswordTooShort)]
    [InlineData("anna", "港口的夜里", AccountProblem.PasswordTooShort)]
    [InlineData("anna", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", AccountProblem.PasswordTooShort)]
    [InlineData("anna.bergman", "Anna.Bergman", AccountProblem.PasswordIsName)]
    [InlineData("anna", "aaaaaaaaaaaa", AccountProblem.PasswordTooSimple)]
    public void Anything_else_is_refused_with_its_reason(string name, string password, AccountProblem problem) =>
        Assert.Equal(problem, AccountRules.Check(name, password));

    [Fact]
    public void Names_and_passwords_have_an_end()
    {
        Assert.Equal(AccountProblem.NameTooLong, AccountRules.Check(new string('n', 65), "the quay is long"));
        Assert.Equal(AccountProblem.PasswordTooLong, AccountRules.Check("anna", string.Concat(Enumerable.Repeat("ab", 257))));
    }
}
