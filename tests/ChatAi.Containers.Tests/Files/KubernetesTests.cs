using System.ComponentModel;
using ChatAi.Containers.Tests.Engine;
using ChatAi.Testing;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace ChatAi.Containers.Tests.Files;

public sealed class KubernetesTests
{
    private static readonly IReadOnlyList<object> Base = Kubernetes.LoadFolder("base");
    private static readonly V1StatefulSet Seeds = Base.One<V1StatefulSet>("lighthouse");
    private static readonly V1Deployment Nodes = Base.One<V1Deployment>("chatnode");
    private static readonly V1PodTemplateSpec[] Pods = [Seeds.Spec.Template, Nodes.Spec.Template];

    [Theory]
    [InlineData("base")]
    [InlineData("overlays/example")]
    public void Should_list_every_manifest_once(string folder)
    {
        var kustomization = DockerFolder.Yaml($"k8s/{folder}/kustomization.yaml");
        var listed = DockerFolder
            .Strings(kustomization["resources"])
            .Where(name => name.EndsWith(".yaml", StringComparison.Ordinal))
            .Concat(kustomization["patches"]?.AsArray().Select(patch => patch!["path"]!.GetValue<string>()) ?? [])
            .Order(StringComparer.Ordinal);

        Assert.Equal(Kubernetes.Manifests(folder).Select(Path.GetFileName), listed);
        Assert.NotEmpty(Kubernetes.LoadFolder(folder));
    }

    [Fact]
    public void Should_refuse_a_field_that_the_api_does_not_know()
    {
        var text = File.ReadAllText(DockerFolder.Path("k8s/base/chatnode.yaml"));

        Assert.Throws<YamlException>(() =>
            Kubernetes.Load(text.Replace("minReadySeconds", "minReadySecond", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Should_name_the_seeds_as_the_stateful_set_does()
    {
        var headless = Base.One<V1Service>(Seeds.Spec.ServiceName);
        var port = headless.Spec.Ports.Single(p => p.Name == "cluster").Port;
        var expected = Enumerable
            .Range(0, Seeds.Spec.Replicas!.Value)
            .Select(i => $"{Seeds.Metadata.Name}-{i}.{headless.Metadata.Name}:{port}");
        var settings = Base.One<V1ConfigMap>("chatai-cluster").Data;

        Assert.Equal("None", headless.Spec.ClusterIP);
        Assert.True(headless.Spec.PublishNotReadyAddresses);
        Assert.Equal(string.Join(',', expected), settings["ChatAi__Cluster__Seeds"]);
        Assert.Equal($"{port}", settings["ChatAi__Cluster__Port"]);
        // What a seed calls itself is what the others look for.
        var hostname = Seeds.Spec.Template.Spec.Containers[0].Env.Single(e => e.Name == "ChatAi__Cluster__Hostname");
        Assert.Equal($"$(POD_NAME).{headless.Metadata.Name}", hostname.Value);
    }

    [Fact]
    public void Should_find_every_port_under_the_name_that_is_used()
    {
        foreach (var service in Base.OfType<V1Service>())
        {
            var pods = Pods.Where(pod => Matches(service.Spec.Selector, pod)).ToList();
            Assert.NotEmpty(pods);
            foreach (var port in service.Spec.Ports)
                Assert.All(pods, pod => Assert.Contains(port.TargetPort.Value, PortsOf(pod).Keys));
        }
        foreach (var policy in Base.OfType<V1NetworkPolicy>())
        {
            var pods = Pods.Where(pod => Matches(policy.Spec.PodSelector.MatchLabels, pod)).ToList();
            Assert.NotEmpty(pods);
            foreach (var port in policy.Spec.Ingress.SelectMany(rule => rule.Ports))
                Assert.All(pods, pod => Assert.Contains(port.Port.Value, PortsOf(pod).Keys));
        }
        Assert.All(Pods, pod => Assert.Equal(4053, PortsOf(pod)["cluster"]));
    }

    [Fact]
    public void Should_let_only_members_to_the_port_of_the_cluster_and_nobody_to_that_of_operators()
    {
        var rules = Base.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress).ToList();
        var cluster = rules.Single(rule => rule.Ports.Any(p => p.Port.Value == "cluster"));
        var operators = rules.Single(rule => rule.Ports.Any(p => p.Port.Value == "operators"));

        Assert.All(
            Pods,
            pod => Assert.True(Matches(Base.One<V1NetworkPolicy>("members").Spec.PodSelector.MatchLabels, pod))
        );
        Assert.Equal("member", cluster.FromProperty.Single().PodSelector.MatchLabels["chatai/cluster"]);
        Assert.NotEmpty(operators.FromProperty);
        Assert.DoesNotContain(rules, rule => rule.Ports is null or { Count: 0 });
        Assert.DoesNotContain(Base.One<V1Service>("chatnode").Spec.Ports, port => port.TargetPort.Value != "http");
        Assert.Equal(
            $"{PortsOf(Nodes.Spec.Template)["operators"]}",
            Base.One<V1ConfigMap>("chatai-node").Data["ChatAi__Admin__Port"]
        );
    }

    [Fact]
    public void Should_run_without_rights_on_a_root_that_cannot_be_written()
    {
        foreach (var pod in Pods.Select(pod => pod.Spec))
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            var container = pod.Containers.Single();
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            Assert.All(container.VolumeMounts, mount => Assert.Contains(pod.Volumes, v => v.Name == mount.Name));
        }
    }

    [Fact]
    public void Should_always_keep_some_of_each()
    {
        foreach (var budget in Base.OfType<V1PodDisruptionBudget>())
        {
            var pods = Pods.Where(pod => Matches(budget.Spec.Selector.MatchLabels, pod)).ToList();
            Assert.Single(pods);
            Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
        }
        Assert.Equal(Pods.Length, Base.OfType<V1PodDisruptionBudget>().Count());
        Assert.Equal("0", Nodes.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.Equal("OrderedReady", Seeds.Spec.PodManagementPolicy);
        var pause = Nodes.Spec.Template.Spec.Containers[0].Lifecycle.PreStop.Sleep.Seconds;
        Assert.True(Nodes.Spec.Template.Spec.TerminationGracePeriodSeconds >= pause + 30);
    }

    [Fact]
    public void Should_take_secrets_by_reference_only()
    {
        Assert.Empty(Base.OfType<V1Secret>());
        foreach (var entry in Pods.SelectMany(pod => pod.Spec.Containers[0].Env ?? []))
            if (
                DockerFolder.Secret().IsMatch(entry.Name)
                || entry.Name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
            )
                Assert.Equal("chatai", entry.ValueFrom?.SecretKeyRef?.Name);
        Assert.DoesNotContain(
            Base.OfType<V1ConfigMap>().SelectMany(map => map.Data.Keys),
            key => DockerFolder.Secret().IsMatch(key)
        );
    }

    [Fact]
    public async Task Should_probe_paths_that_the_program_has_with_settings_that_it_knows()
    {
        var settings = new Dictionary<string, string>(Base.One<V1ConfigMap>("chatai-node").Data);
        Assert.True(settings.Remove("ChatAi__Database"));
        settings["ChatAi__Admin__Port"] = $"{ChildProcess.FreePort()}";
        await using var server = await ServerProcess.StartAsync(settings);
        var probes = Pods.Select(pod => pod.Spec.Containers[0])
            .SelectMany(c => new[] { c.StartupProbe, c.ReadinessProbe, c.LivenessProbe })
            .ToList();

        Assert.Equal(6, probes.Count);
        foreach (var probe in probes)
        {
            Assert.Equal("http", probe.HttpGet.Port.Value);
            using var answer = await new ChatApi(server.Url).SendRawAsync(HttpMethod.Get, probe.HttpGet.Path);
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [SkippableFact]
    public async Task Should_render_to_what_the_api_takes()
    {
        string[] render = ["kustomize", DockerFolder.Path("k8s/overlays/example")];
        var none = new Dictionary<string, string>();
        string text;
        try
        {
            text = await Commands.RunAsync("kubectl", render, none, TimeSpan.FromMinutes(1));
        }
        catch (Win32Exception)
        {
            Skip.If(true, "kubectl, which renders the overlay, is not installed");
            return;
        }
        var rendered = Kubernetes.Load(text);
        var node = rendered.One<V1Deployment>("chatnode");

        Assert.Equal(Base.Count + 2, rendered.Count);
        Assert.Null(node.Spec.Replicas);
        Assert.Equal("registry.example.org/chatai/chatnode:0.1.0", node.Spec.Template.Spec.Containers[0].Image);
        Assert.All(
            rendered.OfType<IKubernetesObject<V1ObjectMeta>>().Where(one => one is not V1Namespace),
            one => Assert.Equal("chatai", one.Metadata.NamespaceProperty)
        );
    }

    [Fact]
    public void Should_change_in_the_overlay_only_what_the_base_has()
    {
        var overlay = Kubernetes.LoadFolder("overlays/example");
        var target = overlay.OfType<V2HorizontalPodAutoscaler>().Single().Spec.ScaleTargetRef;
        var images = DockerFolder.Yaml("k8s/overlays/example/kustomization.yaml")["images"]!
            .AsArray()
            .Select(image => image!["name"]!.GetValue<string>());

        Assert.Equal((Nodes.Kind, Nodes.Metadata.Name), (target.Kind, target.Name));
        Assert.Equal(Pods.Select(pod => pod.Spec.Containers[0].Image).Order(), images.Order());
        Assert.All(overlay.OfType<V1Deployment>(), patch => Assert.Equal(Nodes.Metadata.Name, patch.Metadata.Name));
    }

    private static bool Matches(IDictionary<string, string> selector, V1PodTemplateSpec pod) =>
        selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static Dictionary<string, int> PortsOf(V1PodTemplateSpec pod) =>
        pod.Spec.Containers.SelectMany(c => c.Ports).ToDictionary(p => p.Name, p => p.ContainerPort);
}
