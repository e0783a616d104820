using Spectre.Console;

namespace Aggregator.Server.Cli;

/// <summary>Shows on a terminal how far long work is, on standard error; says nothing anywhere else.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that says how far it is: how much is done, of how much.</summary>
    public static async Task<T> RunAsync<T>(string name, Func<Action<int, int>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(static (_, _) => { });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                // The name is a stranger's: Spectre would read "[" as markup.
                var task = context.AddTask(Markup.Escape(name), maxValue: 1);
                return await work((done, total) =>
                {
                    task.MaxValue = Math.Max(1, total);
                    task.Value = done;
                });
            });
    }
}
