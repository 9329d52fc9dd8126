# A chat node. Build from the repository root: docker build -f docker/ChatNode.Dockerfile -t chatai/chatnode .

# With an image that has npm below /usr/local, such as node:22-slim, the llama.cpp libraries are built in, for models
# that run in the node. As it stands the build says in one line that it goes on without them.
ARG NPM_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0

FROM ${NPM_IMAGE} AS npm
RUN mkdir -p /usr/local/bin

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
COPY --from=npm /usr/local/ /usr/local/
WORKDIR /source
# What decides the packages, apart from the sources: a change of code restores nothing anew.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Shared/Shared.csproj src/Shared/
COPY src/ChatNode/ChatNode.csproj src/ChatNode/
COPY src/ChatNode/natives/LlamaNatives.targets src/ChatNode/natives/
RUN dotnet restore src/ChatNode/ChatNode.csproj
COPY akka.hocon BannedSymbols.txt .editorconfig ./
COPY src/Shared/ src/Shared/
COPY src/ChatNode/ src/ChatNode/
# Analyzers have their say when the tests run.
RUN dotnet publish src/ChatNode/ChatNode.csproj -c Release -o /app --no-restore -p:UseAppHost=false -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
# A new volume takes over the folder's owner.
RUN mkdir -p /data /models && chown $APP_UID:$APP_UID /data /models
COPY --from=build /app ./
ENV ASPNETCORE_HTTP_PORTS= \
    ASPNETCORE_URLS=http://+:8080 \
    ChatAi__DataDir=/data \
    ChatAi__Ai__ModelPath=/models
EXPOSE 8080 4053
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["dotnet", "ChatNode.dll", "health"]
ENTRYPOINT ["dotnet", "ChatNode.dll"]
