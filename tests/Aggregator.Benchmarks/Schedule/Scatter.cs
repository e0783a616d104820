using System.Globalization;
using System.Text;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>A plot of points with names and one line, both axes logarithmic, as SVG that shows in light and dark.</summary>
internal sealed class Scatter
{
    private const double Width = 460, Height = 400, Left = 62, Right = 16, Top = 40, Bottom = 52;
    private readonly List<(double X, double Y, string Name)> _points = [];
    private readonly List<(double X, double Y, string Name)> _line = [];

    public required string Title { get; init; }
    public required string XTitle { get; init; }
    public required string YTitle { get; init; }
    public required (double From, double To, double[] Ticks) X { get; init; }
    public required (double From, double To, double[] Ticks) Y { get; init; }

    /// <summary>Adds a point with its name beside it.</summary>
    public void Point(double x, double y, string name) => _points.Add((x, y, name));

    /// <summary>Adds a point to the line; its name stands below it, empty for none.</summary>
    public void Line(double x, double y, string name) => _line.Add((x, y, name));

    /// <summary>Several plots side by side in one document.</summary>
    public static string Document(params Scatter[] plots)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width * plots.Length} {Height}" role="img" font-family="sans-serif" font-size="12">
            <title>{string.Join("; ", plots.Select(plot => plot.Title))}</title>
            <style>
            text {"{"} fill: #222 {"}"} .axis, .grid {"{"} stroke: #888; fill: none {"}"} .grid {"{"} stroke-opacity: .25 {"}"}
            .line {"{"} stroke: #0a7a5a; stroke-width: 2; fill: none {"}"} .ours {"{"} fill: #0a7a5a {"}"} .other {"{"} fill: #b3441c {"}"} .back {"{"} fill: #fff {"}"}
            @media (prefers-color-scheme: dark) {"{"} text {"{"} fill: #ddd {"}"} .line {"{"} stroke: #4cc9a0 {"}"} .ours {"{"} fill: #4cc9a0 {"}"} .other {"{"} fill: #f08a5d {"}"} .back {"{"} fill: #181818 {"}"} {"}"}
            </style>
            <rect class="back" width="100%" height="100%"/>

            """);
        for (var plot = 0; plot < plots.Length; plot++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({plot * Width} 0)\">\n");
            plots[plot].Write(svg);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void Write(StringBuilder svg)
    {
        double bottom = Height - Bottom, right = Width - Right;
        Text(svg, Width / 2, 22, "middle", Title, bold: true);
        foreach (var tick in X.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{AtX(tick):F1} {Top}V{bottom}\"/>\n");
            Text(svg, AtX(tick), bottom + 16, "middle", Number(tick));
        }

        foreach (var tick in Y.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {AtY(tick):F1}H{right}\"/>\n");
            Text(svg, Left - 6, AtY(tick) + 4, "end", Number(tick));
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top}V{bottom}H{right}\"/>\n");
        Text(svg, (Left + right) / 2, bottom + 38, "middle", XTitle);
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(16 {(Top + bottom) / 2:F1}) rotate(-90)\" text-anchor=\"middle\">{YTitle}</text>\n");
        svg.Append("<polyline class=\"line\" points=\"");
        svg.AppendJoin(' ', _line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{AtX(point.X):F1},{AtY(point.Y):F1}")));
        svg.Append("\"/>\n");
        foreach (var (x, y, name) in _line)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"ours\" cx=\"{AtX(x):F1}\" cy=\"{AtY(y):F1}\" r=\"{(name.Length > 0 ? 4 : 2.5)}\"/>\n");
            if (name.Length > 0) Text(svg, AtX(x) - 8, AtY(y) + 14, "end", name);
        }

        foreach (var (x, y, name) in _points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"other\" cx=\"{AtX(x):F1}\" cy=\"{AtY(y):F1}\" r=\"4\"/>\n");
            Text(svg, AtX(x) + 8, AtY(y) + 4, "start", name);
        }
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text, bool bold = false) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"bold\"" : "")}>{text}</text>\n");

    private double AtX(double value) => Left + ((Width - Left - Right) * Math.Log(value / X.From) / Math.Log(X.To / X.From));

    private double AtY(double value) => Height - Bottom - ((Height - Top - Bottom) * Math.Log(value / Y.From) / Math.Log(Y.To / Y.From));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
