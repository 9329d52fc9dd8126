using System.Globalization;
using System.Security;
using System.Text;

namespace ChatAi.Bench.Overload;

/// <param name="Points">In the order of x.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>One small chart a series, one above the other over the same x, as an SVG that is legible on light and dark pages.</summary>
public static class LinePlot
{
    private const int Width = 720;
    private const int ChartHeight = 200;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Gap = 50;

    public static string Svg(string title, string xName, IReadOnlyList<PlotSeries> series)
    {
        var height = Top + (series.Count * (ChartHeight + Gap));
        var mostX = series.SelectMany(s => s.Points).Max(p => p.X);
        var svg = new StringBuilder();
        Add(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">"
        );
        Add($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Add($"<text x=\"{Left}\" y=\"20\" font-size=\"15\">{SecurityElement.Escape(title)}</text>");
        for (var i = 0; i < series.Count; i++)
        {
            var top = Top + (i * (ChartHeight + Gap));
            var mostY = Math.Max(1, series[i].Points.Max(p => p.Y));
            Add($"<text x=\"{Left}\" y=\"{top - 4}\">{SecurityElement.Escape(series[i].Name)}</text>");
            for (var line = 0; line <= 4; line++)
            {
                var y = top + (ChartHeight * line / 4.0);
                Add($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#dddddd\"/>");
                Add(
                    $"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{mostY * (4 - line) / 4:#,0}</text>"
                );
            }

            var points = series[i]
                .Points.Select(p => (X: XOf(p.X), Y: top + (ChartHeight * (1 - (p.Y / mostY)))))
                .ToList();
            Add(
                $"<polyline fill=\"none\" stroke=\"#0b6e4f\" stroke-width=\"2\" points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}\"/>"
            );
            foreach (var (x, y) in points)
                Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\" fill=\"#0b6e4f\"/>");
            foreach (var x in series[i].Points.Select(p => p.X).Distinct())
                Add($"<text x=\"{XOf(x):0.#}\" y=\"{top + ChartHeight + 16}\" text-anchor=\"middle\">{x:#,0}</text>");
        }

        Add(
            $"<text x=\"{Width - Right}\" y=\"{height - 14}\" text-anchor=\"end\">{SecurityElement.Escape(xName)}</text>"
        );
        Add($"</svg>");
        return svg.ToString();

        double XOf(double x) => Left + ((Width - Left - Right) * x / mostX);

        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
