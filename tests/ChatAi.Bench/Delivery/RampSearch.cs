namespace ChatAi.Bench.Delivery;

/// <summary>Finds the highest rate that a server sustains: up in steps until it fails, then between the last two.</summary>
public static class RampSearch
{
    public const double Step = 2;
    private const double CloseEnough = 1.1;

    /// <param name="sustains">Runs the load at a rate and says whether the server kept up.</param>
    /// <returns>The highest rate that passed; 0 where even the lowest tried failed; at most <paramref name="most"/>.</returns>
    public static async Task<double> FindAsync(double start, double most, Func<double, Task<bool>> sustains)
    {
        var (passed, failed) = (0.0, double.PositiveInfinity);
        for (var rate = start; double.IsPositiveInfinity(failed) && passed < most; rate = Math.Min(rate * Step, most))
        {
            if (await sustains(Math.Round(rate)))
            {
                passed = Math.Round(rate);
            }
            else
            {
                failed = Math.Round(rate);
            }
        }

        // The first step was too high already: down again until one passes.
        for (var rate = start / Step; passed == 0 && rate > start / 20; rate /= Step)
        {
            if (await sustains(Math.Round(rate)))
            {
                passed = Math.Round(rate);
            }
            else
            {
                failed = Math.Round(rate);
            }
        }

        while (passed > 0 && !double.IsPositiveInfinity(failed) && failed / passed > CloseEnough)
        {
            var middle = Math.Round(Math.Sqrt(passed * failed));
            if (await sustains(middle))
            {
                passed = middle;
            }
            else
            {
                failed = middle;
            }
        }

        return passed;
    }
}
