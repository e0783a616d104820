namespace Aggregator.Server.Accounts;

/// <summary>What a stranger posted.</summary>
internal static class PostedForm
{
    /// <summary>The posted form, or null when it is none that can be read.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!context.Request.HasFormContentType) return null;
        try
        {
            return await context.Request.ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
