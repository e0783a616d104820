namespace Aggregator.Core.Extracting;

/// <summary>One person of the line that Chinese publishers set under an article: 责任编辑：张三. Plain text.</summary>
/// <param name="Role">The role as shown, such as 责任编辑, 责编, 校对, 监制.</param>
/// <param name="Name">The name as shown.</param>
public sealed record ArticleCredit(string Role, string Name);
