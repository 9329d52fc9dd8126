using System.Text.Json;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Api;

/// <summary>Answers about accounts.</summary>
public static class AccountJson
{
    public static void WriteCodeSent(Utf8JsonWriter w, CodeSent sent)
    {
        w.WriteStartObject();
        w.WriteNumber("expires_in"u8, sent.ExpiresInSeconds);
        if (sent.Code is { } code)
            w.WriteString("code"u8, code);
        w.WriteEndObject();
    }

    public static void WriteSignedIn(Utf8JsonWriter w, SignedIn signedIn)
    {
        w.WriteStartObject();
        w.WriteString("access_token"u8, signedIn.AccessToken);
        w.WriteString("refresh_token"u8, signedIn.RefreshToken);
        w.WriteNumber("expires_in"u8, signedIn.ExpiresInSeconds);
        w.WritePropertyName("user"u8);
        WritePerson(w, signedIn.User);
        w.WriteEndObject();
    }

    public static void WritePerson(Utf8JsonWriter w, Person person)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, person.Id.Value);
        if (person.PhoneNumber is { } phone)
            w.WriteString("phone_number"u8, phone);
        w.WriteString("display_name"u8, person.DisplayName);
        if (person.LastSeen is { } lastSeen)
            w.WriteString("last_seen"u8, lastSeen.Name());
        w.WriteEndObject();
    }

    public static void WriteDevices(Utf8JsonWriter w, (IReadOnlyList<Device> Devices, DeviceId Current) list)
    {
        w.WriteStartObject();
        WriteDeviceList(w, list);
        w.WriteEndObject();
    }

    public static void WriteDeviceList(Utf8JsonWriter w, (IReadOnlyList<Device> Devices, DeviceId Current) list)
    {
        w.WriteStartArray("devices"u8);
        foreach (var device in list.Devices)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, device.Id.Value);
            w.WriteString("name"u8, device.Name);
            w.WriteTime("created_at"u8, device.CreatedAt);
            w.WriteTime("last_seen_at"u8, device.LastSeenAt);
            w.WriteBoolean("current"u8, device.Id == list.Current);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
