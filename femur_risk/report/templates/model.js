"use strict";
(() => {
  const data = JSON.parse(document.getElementById("model-data").textContent);
  const place = document.getElementById("model");
  const canvas = place.querySelector("canvas");
  const gl = canvas.getContext("webgl", { antialias: true, preserveDrawingBuffer: true });
  if (!gl) { place.hidden = true; return; }

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const size = data.high.map((high, k) => high - data.low[k]);
  const middle = data.high.map((high, k) => (high + data.low[k]) / 2);

  const surfaceOf = (packed) => {
    const steps = new Uint16Array(bytes(packed.points).buffer);
    const corners = new Uint32Array(bytes(packed.triangles).buffer);
    const points = Float32Array.from(steps, (step, k) => data.low[k % 3] + step / 65535 * size[k % 3]);
    return { points, corners };
  };
  // each triangle has corners of its own, so that it can have a colour of its own
  const spread = ({ points, corners }) => {
    const normals = new Float32Array(points.length);
    for (let t = 0; t < corners.length; t += 3) {
      const [a, b, c] = [corners[t], corners[t + 1], corners[t + 2]];
      const u = [0, 1, 2].map((k) => points[3 * b + k] - points[3 * a + k]);
      const v = [0, 1, 2].map((k) => points[3 * c + k] - points[3 * a + k]);
      const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
      for (const corner of [a, b, c]) for (let k = 0; k < 3; k++) normals[3 * corner + k] += n[k];
    }
    const pick = (from) => Float32Array.from(
      { length: 3 * corners.length }, (_, k) => from[3 * corners[Math.floor(k / 3)] + k % 3]);
    return { places: pick(points), normals: pick(normals), n: corners.length };
  };
  const ball = (centre, radius) => {
    const points = [], corners = [], n = 12;
    for (let i = 0; i <= n; i++) for (let j = 0; j <= n; j++) {
      const [up, round] = [Math.PI * i / n, 2 * Math.PI * j / n];
      points.push(centre[0] + radius * Math.sin(up) * Math.cos(round),
        centre[1] + radius * Math.sin(up) * Math.sin(round), centre[2] + radius * Math.cos(up));
      if (i < n && j < n) {
        const k = i * (n + 1) + j;
        corners.push(k, k + n + 1, k + 1, k + 1, k + n + 1, k + n + 2);
      }
    }
    return spread({ points, corners });
  };

  const shader = (kind, text) => {
    const made = gl.createShader(kind);
    gl.shaderSource(made, text);
    gl.compileShader(made);
    return made;
  };
  const program = gl.createProgram();
  gl.attachShader(program, shader(gl.VERTEX_SHADER, `
    attribute vec3 place; attribute vec3 normal; attribute vec3 colour;
    uniform mat3 turn; uniform vec3 middle; uniform vec3 scale;
    varying vec3 facing; varying vec3 shown;
    void main() {
      facing = turn * normal; shown = colour;
      gl_Position = vec4(turn * (place - middle) * scale, 1.0);
    }`));
  gl.attachShader(program, shader(gl.FRAGMENT_SHADER, `
    precision mediump float; varying vec3 facing; varying vec3 shown; uniform float opacity;
    void main() {
      float light = 0.45 + 0.55 * abs(normalize(facing).z);
      gl_FragColor = vec4(shown * light, opacity);
    }`));
  gl.linkProgram(program);
  gl.useProgram(program);
  const uniform = (name) => gl.getUniformLocation(program, name);
  const attribute = (name) => gl.getAttribLocation(program, name);

  const store = (values) => {
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    return buffer;
  };
  const body = (shape, colours) => ({
    n: shape.n, place: store(shape.places), normal: store(shape.normals), colour: store(colours),
  });
  const plain = (shape, rgb) => body(
    shape, Float32Array.from({ length: 3 * shape.n }, (_, k) => rgb[k % 3]));

  const bone = spread(surfaceOf(data.bone));
  const lesion = data.lesion && plain(spread(surfaceOf(data.lesion)), [0.8, 0.25, 0.6]);
  const bodies = data.loads.map((load) => {
    const rgb = bytes(load.rgb);
    return load.sides.map((side) => {
      const shades = bytes(side.values);
      const colours = Float32Array.from({ length: 3 * bone.n }, (_, k) => {
        const shade = shades[Math.floor(k / 9)];
        return shade === 255 ? 0.8 : rgb[3 * shade + k % 3] / 255;
      });
      return { bone: body(bone, colours), site: plain(ball(side.site, 2.5), [0, 0, 0]) };
    });
  });

  // rows: to the right, up, to the eye; x is lateral, y anterior, z proximal
  const views = {
    anterior: [[-1, 0, 0], [0, 0, 1], [0, 1, 0]],
    posterior: [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
    medial: [[0, -1, 0], [0, 0, 1], [-1, 0, 0]],
    lateral: [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
  };
  const state = { turn: views.anterior, zoom: 1, load: 0, side: 0, lesion: true };

  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(1, 1, 1, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const reach = Math.hypot(...size) / 2;
    const high = state.zoom / (1.05 * Math.max(size[2] / 2, size[0] / 2));
    gl.uniformMatrix3fv(uniform("turn"), false, [0, 1, 2].flatMap((k) => state.turn.map((row) => row[k])));
    gl.uniform3fv(uniform("middle"), middle);
    gl.uniform3fv(uniform("scale"), [high * canvas.height / canvas.width, high, -1 / (2 * reach)]);
    const show = (shown, opacity) => {
      gl.uniform1f(uniform("opacity"), opacity);
      for (const name of ["place", "normal", "colour"]) {
        gl.bindBuffer(gl.ARRAY_BUFFER, shown[name]);
        gl.enableVertexAttribArray(attribute(name));
        gl.vertexAttribPointer(attribute(name), 3, gl.FLOAT, false, 0, 0);
      }
      gl.drawArrays(gl.TRIANGLES, 0, shown.n);
    };
    const { bone: surface, site } = bodies[state.load][state.side];
    gl.enable(gl.DEPTH_TEST);
    gl.disable(gl.BLEND);
    show(surface, 1);
    show(site, 1);
    if (lesion && state.lesion && state.side === 0) {
      // seen through the bone: only what faces the eye, once
      gl.disable(gl.DEPTH_TEST);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      gl.enable(gl.CULL_FACE);
      show(lesion, 0.3);
      gl.disable(gl.CULL_FACE);
    }
  };

  const turned = (right, up) => {
    const spin = (rows, i, j, angle) => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const next = rows.map((row) => [...row]);
      for (let k = 0; k < 3; k++) {
        next[i][k] = c * rows[i][k] + s * rows[j][k];
        next[j][k] = c * rows[j][k] - s * rows[i][k];
      }
      return next;
    };
    state.turn = spin(spin(state.turn, 0, 2, right), 1, 2, up);
    draw();
  };
  const zoomed = (factor) => { state.zoom = Math.min(20, Math.max(0.3, state.zoom * factor)); draw(); };

  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) turned(event.movementX / 150, -event.movementY / 150);
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomed(Math.exp(-event.deltaY / 600));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (step) { event.preventDefault(); turned(...step); }
    if (event.key === "+") zoomed(1.15);
    if (event.key === "-") zoomed(1 / 1.15);
  });
  window.addEventListener("resize", draw);

  const controls = place.querySelector(".controls");
  const add = (kind, text, to = controls) => {
    const made = document.createElement(kind);
    made.textContent = text;
    to.append(made);
    return made;
  };
  const button = (text, press) => {
    const made = add("button", text);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  };
  const legend = () => {
    const load = data.loads[state.load];
    place.querySelector(".label").textContent = load.label;
    place.querySelector(".bar").style.background = `linear-gradient(to right, ${load.bar.join(", ")})`;
    place.querySelector(".ticks").replaceChildren(...load.ticks.map((tick) => {
      const made = document.createElement("span");
      made.textContent = tick;
      return made;
    }));
  };
  const chosen = () => {
    const sides = data.loads[state.load].sides.length;
    if (state.side >= sides) state.side = 0;
    twin.disabled = sides < 2;
    twin.setAttribute("aria-pressed", String(state.side === 1));
    twin.textContent = state.side === 1 ? data.words.twin : data.words.bone;
    legend();
    draw();
  };
  const menu = add("select", "");
  menu.setAttribute("aria-label", data.words.load);
  data.loads.forEach((load, k) => { add("option", load.name, menu).value = String(k); });
  menu.addEventListener("change", () => { state.load = Number(menu.value); chosen(); });
  const twin = button("", () => { state.side = 1 - state.side; chosen(); });
  twin.className = "twin";
  twin.hidden = data.loads.every((load) => load.sides.length < 2);
  if (lesion) {
    const shown = button(data.words.lesion, () => {
      state.lesion = !state.lesion;
      shown.setAttribute("aria-pressed", String(state.lesion));
      draw();
    });
    shown.className = "lesion";
    shown.setAttribute("aria-pressed", "true");
  }
  for (const name of Object.keys(views)) {
    button(data.views[name], () => { state.turn = views[name]; state.zoom = 1; draw(); });
  }
  chosen();
})();
