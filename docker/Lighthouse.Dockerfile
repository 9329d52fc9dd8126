# A seed node. Build from the repository root: docker build -f docker/Lighthouse.Dockerfile -t chatai/lighthouse .

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What decides the packages, apart from the sources: a change of code restores nothing anew.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Shared/Shared.csproj src/Shared/
COPY src/Lighthouse/Lighthouse.csproj src/Lighthouse/
RUN dotnet restore src/Lighthouse/Lighthouse.csproj
COPY akka.hocon BannedSymbols.txt .editorconfig ./
COPY src/Shared/ src/Shared/
COPY src/Lighthouse/ src/Lighthouse/
# Analyzers have their say when the tests run.
RUN dotnet publish src/Lighthouse/Lighthouse.csproj -c Release -o /app --no-restore -p:UseAppHost=false -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
ENV ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:8080
EXPOSE 8080 4053
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["dotnet", "Lighthouse.dll", "health"]
ENTRYPOINT ["dotnet", "Lighthouse.dll"]
