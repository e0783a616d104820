namespace Aggregator.Core.Parsing;

/// <summary>A place on earth in WGS 84 (GeoRSS Simple, W3C Geo).</summary>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
public sealed record ParsedLocation(double Latitude, double Longitude);
