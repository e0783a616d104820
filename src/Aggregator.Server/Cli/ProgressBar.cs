using Spectre.Console;

namespace Aggregator.Server.Cli;

/// <summary>Shows on a terminal how far long work is, on standard error; says nothing anywhere else.</summary>
internal static class ProgressBar
{
    /// <summary>Whether anybody sees it.</summary>
    public static bool IsShown => !Console.IsErrorRedirected;

    /// <summary>Runs work that says how far it is: how much is done, of how much; 0 while nobody knows of how much.</summary>
    public static async Task<T> RunAsync<T>(string name, Func<Action<long, long>, Task<T>> work)
    {
        if (!IsShown) return await work(static (_, _) => { });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                // The name is a stranger's: Spectre would read "[" as markup.
                var task = context.AddTask(Markup.Escape(name), maxValue: 1);
                task.IsIndeterminate = true;
                return await work((done, total) =>
                {
                    task.IsIndeterminate = total == 0;
                    task.MaxValue = Math.Max(1, total);
                    task.Value = done;
                });
            });
    }
}
