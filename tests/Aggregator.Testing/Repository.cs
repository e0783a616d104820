namespace Aggregator.Testing;

/// <summary>Where the checkout lies that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Aggregator.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Aggregator.sln")))
                return folder.FullName;

        throw new InvalidOperationException(
            $"No Aggregator.sln above {AppContext.BaseDirectory}: run the tests from a checkout of the project.");
    }
}
