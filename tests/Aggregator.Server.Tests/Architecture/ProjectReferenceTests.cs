using System.Xml.Linq;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Architecture;

/// <summary>Who may depend on whom. Another arrow is a change of the design, to be made here and in src/README.md first.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Aggregator.Core"] = [],
        ["Aggregator.Storage"] = ["Aggregator.Core"],
        ["Hangfire.Storage.SQLite"] = [],
        ["Aggregator.Server"] = ["Aggregator.Core", "Aggregator.Storage", "Hangfire.Storage.SQLite"],
    };

    private static readonly Dictionary<string, string[]> ForbiddenPackages = new(StringComparer.Ordinal)
    {
        ["Aggregator.Core"] = ["Dapper", "Npgsql", "Microsoft.Data.Sqlite", "Hangfire.", "Microsoft.AspNetCore."],
        ["Aggregator.Storage"] = ["Hangfire.", "Microsoft.AspNetCore."],
        ["Hangfire.Storage.SQLite"] = ["Microsoft.AspNetCore."],
    };

    // What a reader of pages needs is in Core, because reading is; a package more is a decision. SmartReader finds the body of an
    // article as Firefox does, AngleSharp reads the page for it and for us; CodeHollow.FeedReader knows which links are feeds;
    // DiffPlex compares versions; ZstdSharp unpacks what .NET does not yet.
    private static readonly string[] CorePackages =
        ["AngleSharp", "CodeHollow.FeedReader", "DiffPlex", "Microsoft.Extensions.Logging.Abstractions", "SmartReader", "System.ServiceModel.Syndication", "UTF.Unknown", "ZstdSharp.Port"];

    public static TheoryData<string> Projects =>
        new(Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)));

    [Fact]
    public void Src_holds_the_four_projects_and_no_other() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Projects.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_what_the_house_allows(string project)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var references = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Equal(Allowed[project].Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));

        var packages = document.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);
        var forbidden = ForbiddenPackages.GetValueOrDefault(project, []);
        Assert.DoesNotContain(packages, package => forbidden.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal)));

        if (project == "Aggregator.Core") Assert.Equal(CorePackages, packages.Order(StringComparer.Ordinal));

        Assert.All(document.Descendants("PackageReference"), reference => Assert.Null(reference.Attribute("Version")));
    }
}
