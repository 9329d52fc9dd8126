using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ChatAi.Testing;

/// <summary>Real pictures, made on the spot.</summary>
public static class Pictures
{
    private const int MostRows = 64;

    /// <summary>A PNG of one colour. A large one has fewer rows than its header promises.</summary>
    public static byte[] Png(int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        // Eight bits a channel, red, green and blue.
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR", header);
        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (3 * Math.Min(width, 4_096))];
            for (var x = 1; x < row.Length; x += 3)
                (row[x], row[x + 1], row[x + 2]) = (200, 80, 40);
            for (var y = 0; y < Math.Min(height, MostRows); y++)
                zip.Write(row);
        }
        Chunk(png, "IDAT", rows.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, string name, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        png.Write(length);
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        png.Write(body);
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(body));
        png.Write(sum);
    }

    // CRC-32 as in ISO 3309.
    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
