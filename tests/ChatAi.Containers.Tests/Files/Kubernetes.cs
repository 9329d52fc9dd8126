using k8s;
using k8s.Models;

namespace ChatAi.Containers.Tests.Files;

/// <summary>The manifests as the types of the API; a field that the API does not know is refused.</summary>
public static class Kubernetes
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
    };

    public static IReadOnlyList<string> Manifests(string folder) =>
        [
            .. Directory
                .EnumerateFiles(DockerFolder.Path($"k8s/{folder}"), "*.yaml")
                .Where(file => Path.GetFileName(file) != "kustomization.yaml")
                .Order(StringComparer.Ordinal),
        ];

    public static IReadOnlyList<object> Load(string text) =>
        KubernetesYaml.LoadAllFromString(text, Types, strict: true);

    public static IReadOnlyList<object> LoadFolder(string folder) =>
        [.. Manifests(folder).SelectMany(file => Load(File.ReadAllText(file)))];

    public static T One<T>(this IEnumerable<object> all, string name)
        where T : IKubernetesObject<V1ObjectMeta> => all.OfType<T>().Single(found => found.Metadata.Name == name);
}
