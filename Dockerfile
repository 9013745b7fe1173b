# docker build -t lrtui . && docker run --rm -it -v lrtui-runs:/home/lrtui/runs lrtui
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /dist .

FROM python:3.13-slim
COPY --from=build /dist /dist
COPY constraints.txt /dist/
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu -c /dist/constraints.txt /dist/*.whl \
    && useradd --create-home --uid 1000 lrtui \
    && install -d -o lrtui -g lrtui -m 0700 /home/lrtui/runs
USER 1000
WORKDIR /home/lrtui
ENV LANG=C.UTF-8 LRTUI_HOME=/home/lrtui/runs
ENTRYPOINT ["lrtui"]
