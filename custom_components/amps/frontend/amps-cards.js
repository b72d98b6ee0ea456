var k1=globalThis,T1=k1.ShadowRoot&&(k1.ShadyCSS===void 0||k1.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,K1=Symbol(),D2=new WeakMap,i1=class{constructor(C,H,L){if(this._$cssResult$=!0,L!==K1)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=C,this.t=H}get styleSheet(){let C=this.o,H=this.t;if(T1&&C===void 0){let L=H!==void 0&&H.length===1;L&&(C=D2.get(H)),C===void 0&&((this.o=C=new CSSStyleSheet).replaceSync(this.cssText),L&&D2.set(H,C))}return C}toString(){return this.cssText}},E2=V=>new i1(typeof V=="string"?V:V+"",void 0,K1),Z=(V,...C)=>{let H=V.length===1?V[0]:C.reduce((L,M,e)=>L+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(M)+V[e+1],V[0]);return new i1(H,V,K1)},$2=(V,C)=>{if(T1)V.adoptedStyleSheets=C.map(H=>H instanceof CSSStyleSheet?H:H.styleSheet);else for(let H of C){let L=document.createElement("style"),M=k1.litNonce;M!==void 0&&L.setAttribute("nonce",M),L.textContent=H.cssText,V.appendChild(L)}},q1=T1?V=>V:V=>V instanceof CSSStyleSheet?(C=>{let H="";for(let L of C.cssRules)H+=L.cssText;return E2(H)})(V):V;var{is:A0,defineProperty:n0,getOwnPropertyDescriptor:d0,getOwnPropertyNames:p0,getOwnPropertySymbols:m0,getPrototypeOf:l0}=Object,P1=globalThis,N2=P1.trustedTypes,v0=N2?N2.emptyScript:"",x0=P1.reactiveElementPolyfillSupport,o1=(V,C)=>V,j1={toAttribute(V,C){switch(C){case Boolean:V=V?v0:null;break;case Object:case Array:V=V==null?V:JSON.stringify(V)}return V},fromAttribute(V,C){let H=V;switch(C){case Boolean:H=V!==null;break;case Number:H=V===null?null:Number(V);break;case Object:case Array:try{H=JSON.parse(V)}catch{H=null}}return H}},W2=(V,C)=>!A0(V,C),I2={attribute:!0,type:String,converter:j1,reflect:!1,useDefault:!1,hasChanged:W2};Symbol.metadata??=Symbol("metadata"),P1.litPropertyMetadata??=new WeakMap;var w=class extends HTMLElement{static addInitializer(C){this._$Ei(),(this.l??=[]).push(C)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(C,H=I2){if(H.state&&(H.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(C)&&((H=Object.create(H)).wrapped=!0),this.elementProperties.set(C,H),!H.noAccessor){let L=Symbol(),M=this.getPropertyDescriptor(C,L,H);M!==void 0&&n0(this.prototype,C,M)}}static getPropertyDescriptor(C,H,L){let{get:M,set:e}=d0(this.prototype,C)??{get(){return this[H]},set(r){this[H]=r}};return{get:M,set(r){let t=M?.call(this);e?.call(this,r),this.requestUpdate(C,t,L)},configurable:!0,enumerable:!0}}static getPropertyOptions(C){return this.elementProperties.get(C)??I2}static _$Ei(){if(this.hasOwnProperty(o1("elementProperties")))return;let C=l0(this);C.finalize(),C.l!==void 0&&(this.l=[...C.l]),this.elementProperties=new Map(C.elementProperties)}static finalize(){if(this.hasOwnProperty(o1("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(o1("properties"))){let H=this.properties,L=[...p0(H),...m0(H)];for(let M of L)this.createProperty(M,H[M])}let C=this[Symbol.metadata];if(C!==null){let H=litPropertyMetadata.get(C);if(H!==void 0)for(let[L,M]of H)this.elementProperties.set(L,M)}this._$Eh=new Map;for(let[H,L]of this.elementProperties){let M=this._$Eu(H,L);M!==void 0&&this._$Eh.set(M,H)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(C){let H=[];if(Array.isArray(C)){let L=new Set(C.flat(1/0).reverse());for(let M of L)H.unshift(q1(M))}else C!==void 0&&H.push(q1(C));return H}static _$Eu(C,H){let L=H.attribute;return L===!1?void 0:typeof L=="string"?L:typeof C=="string"?C.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(C=>this.enableUpdating=C),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(C=>C(this))}addController(C){(this._$EO??=new Set).add(C),this.renderRoot!==void 0&&this.isConnected&&C.hostConnected?.()}removeController(C){this._$EO?.delete(C)}_$E_(){let C=new Map,H=this.constructor.elementProperties;for(let L of H.keys())this.hasOwnProperty(L)&&(C.set(L,this[L]),delete this[L]);C.size>0&&(this._$Ep=C)}createRenderRoot(){let C=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return $2(C,this.constructor.elementStyles),C}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(C=>C.hostConnected?.())}enableUpdating(C){}disconnectedCallback(){this._$EO?.forEach(C=>C.hostDisconnected?.())}attributeChangedCallback(C,H,L){this._$AK(C,L)}_$ET(C,H){let L=this.constructor.elementProperties.get(C),M=this.constructor._$Eu(C,L);if(M!==void 0&&L.reflect===!0){let e=(L.converter?.toAttribute!==void 0?L.converter:j1).toAttribute(H,L.type);this._$Em=C,e==null?this.removeAttribute(M):this.setAttribute(M,e),this._$Em=null}}_$AK(C,H){let L=this.constructor,M=L._$Eh.get(C);if(M!==void 0&&this._$Em!==M){let e=L.getPropertyOptions(M),r=typeof e.converter=="function"?{fromAttribute:e.converter}:e.converter?.fromAttribute!==void 0?e.converter:j1;this._$Em=M;let t=r.fromAttribute(H,e.type);this[M]=t??this._$Ej?.get(M)??t,this._$Em=null}}requestUpdate(C,H,L,M=!1,e){if(C!==void 0){let r=this.constructor;if(M===!1&&(e=this[C]),L??=r.getPropertyOptions(C),!((L.hasChanged??W2)(e,H)||L.useDefault&&L.reflect&&e===this._$Ej?.get(C)&&!this.hasAttribute(r._$Eu(C,L))))return;this.C(C,H,L)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(C,H,{useDefault:L,reflect:M,wrapped:e},r){L&&!(this._$Ej??=new Map).has(C)&&(this._$Ej.set(C,r??H??this[C]),e!==!0||r!==void 0)||(this._$AL.has(C)||(this.hasUpdated||L||(H=void 0),this._$AL.set(C,H)),M===!0&&this._$Em!==C&&(this._$Eq??=new Set).add(C))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(H){Promise.reject(H)}let C=this.scheduleUpdate();return C!=null&&await C,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[M,e]of this._$Ep)this[M]=e;this._$Ep=void 0}let L=this.constructor.elementProperties;if(L.size>0)for(let[M,e]of L){let{wrapped:r}=e,t=this[M];r!==!0||this._$AL.has(M)||t===void 0||this.C(M,void 0,e,t)}}let C=!1,H=this._$AL;try{C=this.shouldUpdate(H),C?(this.willUpdate(H),this._$EO?.forEach(L=>L.hostUpdate?.()),this.update(H)):this._$EM()}catch(L){throw C=!1,this._$EM(),L}C&&this._$AE(H)}willUpdate(C){}_$AE(C){this._$EO?.forEach(H=>H.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(C)),this.updated(C)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(C){return!0}update(C){this._$Eq&&=this._$Eq.forEach(H=>this._$ET(H,this[H])),this._$EM()}updated(C){}firstUpdated(C){}};w.elementStyles=[],w.shadowRootOptions={mode:"open"},w[o1("elementProperties")]=new Map,w[o1("finalized")]=new Map,x0?.({ReactiveElement:w}),(P1.reactiveElementVersions??=[]).push("2.1.2");var L2=globalThis,U2=V=>V,B1=L2.trustedTypes,G2=B1?B1.createPolicy("lit-html",{createHTML:V=>V}):void 0,X2="$lit$",P=`lit$${Math.random().toFixed(9).slice(2)}$`,Y2="?"+P,s0=`<${Y2}>`,N=document,A1=()=>N.createComment(""),n1=V=>V===null||typeof V!="object"&&typeof V!="function",M2=Array.isArray,Z0=V=>M2(V)||typeof V?.[Symbol.iterator]=="function",X1=`[ 	
\f\r]`,a1=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Q2=/-->/g,z2=/>/g,E=RegExp(`>|${X1}(?:([^\\s"'>=/]+)(${X1}*=${X1}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),K2=/'/g,q2=/"/g,J2=/^(?:script|style|textarea|title)$/i,e2=V=>(C,...H)=>({_$litType$:V,strings:C,values:H}),a=e2(1),z=e2(2),M4=e2(3),I=Symbol.for("lit-noChange"),o=Symbol.for("lit-nothing"),j2=new WeakMap,$=N.createTreeWalker(N,129);function C5(V,C){if(!M2(V)||!V.hasOwnProperty("raw"))throw Error("invalid template strings array");return G2!==void 0?G2.createHTML(C):C}var u0=(V,C)=>{let H=V.length-1,L=[],M,e=C===2?"<svg>":C===3?"<math>":"",r=a1;for(let t=0;t<H;t++){let i=V[t],n,A,d=-1,v=0;for(;v<i.length&&(r.lastIndex=v,A=r.exec(i),A!==null);)v=r.lastIndex,r===a1?A[1]==="!--"?r=Q2:A[1]!==void 0?r=z2:A[2]!==void 0?(J2.test(A[2])&&(M=RegExp("</"+A[2],"g")),r=E):A[3]!==void 0&&(r=E):r===E?A[0]===">"?(r=M??a1,d=-1):A[1]===void 0?d=-2:(d=r.lastIndex-A[2].length,n=A[1],r=A[3]===void 0?E:A[3]==='"'?q2:K2):r===q2||r===K2?r=E:r===Q2||r===z2?r=a1:(r=E,M=void 0);let g=r===E&&V[t+1].startsWith("/>")?" ":"";e+=r===a1?i+s0:d>=0?(L.push(n),i.slice(0,d)+X2+i.slice(d)+P+g):i+P+(d===-2?t:g)}return[C5(V,e+(V[H]||"<?>")+(C===2?"</svg>":C===3?"</math>":"")),L]},d1=class V{constructor({strings:C,_$litType$:H},L){let M;this.parts=[];let e=0,r=0,t=C.length-1,i=this.parts,[n,A]=u0(C,H);if(this.el=V.createElement(n,L),$.currentNode=this.el.content,H===2||H===3){let d=this.el.content.firstChild;d.replaceWith(...d.childNodes)}for(;(M=$.nextNode())!==null&&i.length<t;){if(M.nodeType===1){if(M.hasAttributes())for(let d of M.getAttributeNames())if(d.endsWith(X2)){let v=A[r++],g=M.getAttribute(d).split(P),b1=/([.?@])?(.*)/.exec(v);i.push({type:1,index:e,name:b1[2],strings:g,ctor:b1[1]==="."?J1:b1[1]==="?"?C2:b1[1]==="@"?H2:Q}),M.removeAttribute(d)}else d.startsWith(P)&&(i.push({type:6,index:e}),M.removeAttribute(d));if(J2.test(M.tagName)){let d=M.textContent.split(P),v=d.length-1;if(v>0){M.textContent=B1?B1.emptyScript:"";for(let g=0;g<v;g++)M.append(d[g],A1()),$.nextNode(),i.push({type:2,index:++e});M.append(d[v],A1())}}}else if(M.nodeType===8)if(M.data===Y2)i.push({type:2,index:e});else{let d=-1;for(;(d=M.data.indexOf(P,d+1))!==-1;)i.push({type:7,index:e}),d+=P.length-1}e++}}static createElement(C,H){let L=N.createElement("template");return L.innerHTML=C,L}};function G(V,C,H=V,L){if(C===I)return C;let M=L!==void 0?H._$Co?.[L]:H._$Cl,e=n1(C)?void 0:C._$litDirective$;return M?.constructor!==e&&(M?._$AO?.(!1),e===void 0?M=void 0:(M=new e(V),M._$AT(V,H,L)),L!==void 0?(H._$Co??=[])[L]=M:H._$Cl=M),M!==void 0&&(C=G(V,M._$AS(V,C.values),M,L)),C}var Y1=class{constructor(C,H){this._$AV=[],this._$AN=void 0,this._$AD=C,this._$AM=H}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(C){let{el:{content:H},parts:L}=this._$AD,M=(C?.creationScope??N).importNode(H,!0);$.currentNode=M;let e=$.nextNode(),r=0,t=0,i=L[0];for(;i!==void 0;){if(r===i.index){let n;i.type===2?n=new p1(e,e.nextSibling,this,C):i.type===1?n=new i.ctor(e,i.name,i.strings,this,C):i.type===6&&(n=new V2(e,this,C)),this._$AV.push(n),i=L[++t]}r!==i?.index&&(e=$.nextNode(),r++)}return $.currentNode=N,M}p(C){let H=0;for(let L of this._$AV)L!==void 0&&(L.strings!==void 0?(L._$AI(C,L,H),H+=L.strings.length-2):L._$AI(C[H])),H++}},p1=class V{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(C,H,L,M){this.type=2,this._$AH=o,this._$AN=void 0,this._$AA=C,this._$AB=H,this._$AM=L,this.options=M,this._$Cv=M?.isConnected??!0}get parentNode(){let C=this._$AA.parentNode,H=this._$AM;return H!==void 0&&C?.nodeType===11&&(C=H.parentNode),C}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(C,H=this){C=G(this,C,H),n1(C)?C===o||C==null||C===""?(this._$AH!==o&&this._$AR(),this._$AH=o):C!==this._$AH&&C!==I&&this._(C):C._$litType$!==void 0?this.$(C):C.nodeType!==void 0?this.T(C):Z0(C)?this.k(C):this._(C)}O(C){return this._$AA.parentNode.insertBefore(C,this._$AB)}T(C){this._$AH!==C&&(this._$AR(),this._$AH=this.O(C))}_(C){this._$AH!==o&&n1(this._$AH)?this._$AA.nextSibling.data=C:this.T(N.createTextNode(C)),this._$AH=C}$(C){let{values:H,_$litType$:L}=C,M=typeof L=="number"?this._$AC(C):(L.el===void 0&&(L.el=d1.createElement(C5(L.h,L.h[0]),this.options)),L);if(this._$AH?._$AD===M)this._$AH.p(H);else{let e=new Y1(M,this),r=e.u(this.options);e.p(H),this.T(r),this._$AH=e}}_$AC(C){let H=j2.get(C.strings);return H===void 0&&j2.set(C.strings,H=new d1(C)),H}k(C){M2(this._$AH)||(this._$AH=[],this._$AR());let H=this._$AH,L,M=0;for(let e of C)M===H.length?H.push(L=new V(this.O(A1()),this.O(A1()),this,this.options)):L=H[M],L._$AI(e),M++;M<H.length&&(this._$AR(L&&L._$AB.nextSibling,M),H.length=M)}_$AR(C=this._$AA.nextSibling,H){for(this._$AP?.(!1,!0,H);C!==this._$AB;){let L=U2(C).nextSibling;U2(C).remove(),C=L}}setConnected(C){this._$AM===void 0&&(this._$Cv=C,this._$AP?.(C))}},Q=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(C,H,L,M,e){this.type=1,this._$AH=o,this._$AN=void 0,this.element=C,this.name=H,this._$AM=M,this.options=e,L.length>2||L[0]!==""||L[1]!==""?(this._$AH=Array(L.length-1).fill(new String),this.strings=L):this._$AH=o}_$AI(C,H=this,L,M){let e=this.strings,r=!1;if(e===void 0)C=G(this,C,H,0),r=!n1(C)||C!==this._$AH&&C!==I,r&&(this._$AH=C);else{let t=C,i,n;for(C=e[0],i=0;i<e.length-1;i++)n=G(this,t[L+i],H,i),n===I&&(n=this._$AH[i]),r||=!n1(n)||n!==this._$AH[i],n===o?C=o:C!==o&&(C+=(n??"")+e[i+1]),this._$AH[i]=n}r&&!M&&this.j(C)}j(C){C===o?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,C??"")}},J1=class extends Q{constructor(){super(...arguments),this.type=3}j(C){this.element[this.name]=C===o?void 0:C}},C2=class extends Q{constructor(){super(...arguments),this.type=4}j(C){this.element.toggleAttribute(this.name,!!C&&C!==o)}},H2=class extends Q{constructor(C,H,L,M,e){super(C,H,L,M,e),this.type=5}_$AI(C,H=this){if((C=G(this,C,H,0)??o)===I)return;let L=this._$AH,M=C===o&&L!==o||C.capture!==L.capture||C.once!==L.once||C.passive!==L.passive,e=C!==o&&(L===o||M);M&&this.element.removeEventListener(this.name,this,L),e&&this.element.addEventListener(this.name,this,C),this._$AH=C}handleEvent(C){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,C):this._$AH.handleEvent(C)}},V2=class{constructor(C,H,L){this.element=C,this.type=6,this._$AN=void 0,this._$AM=H,this.options=L}get _$AU(){return this._$AM._$AU}_$AI(C){G(this,C)}};var c0=L2.litHtmlPolyfillSupport;c0?.(d1,p1),(L2.litHtmlVersions??=[]).push("3.3.3");var H5=(V,C,H)=>{let L=H?.renderBefore??C,M=L._$litPart$;if(M===void 0){let e=H?.renderBefore??null;L._$litPart$=M=new p1(C.insertBefore(A1(),e),e,void 0,H??{})}return M._$AI(V),M};var r2=globalThis,c=class extends w{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let C=super.createRenderRoot();return this.renderOptions.renderBefore??=C.firstChild,C}update(C){let H=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(C),this._$Do=H5(H,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return I}};c._$litElement$=!0,c.finalized=!0,r2.litElementHydrateSupport?.({LitElement:c});var S0=r2.litElementPolyfillSupport;S0?.({LitElement:c});(r2.litElementVersions??=[]).push("4.2.2");function R1(V){if(!("requestIdleCallback"in window)){let H=setTimeout(V);return()=>{clearTimeout(H)}}let C=requestIdleCallback(V,{timeout:100});return()=>{cancelIdleCallback(C)}}var b="amps",V5={hvac:["thermostat","hold","temperature","active"],vehicle:["plugged_in","fully_charged","range","charge_limit","full_at","time_to_full"],ev_charger:["connected","charging_enabled","power_rate_limit"],solar_inverter:["producing"],battery:["mode","discharge_power","energy_charged","energy_discharged","current_mode","charge","discharge","energy_stored","discharge_floor","charge_ceiling","charge_target","discharge_target"]},L5=new WeakMap;function f(V){let C=L5.get(V.entities);return C===void 0&&L5.set(V.entities,C=h0(Object.values(V.entities))),C}function h0(V){let C=new Map;for(let H of V){if(H?.platform!==b||!H.device_id||!H.translation_key)continue;let L=C.get(H.device_id)??{};C.set(H.device_id,L),L[H.translation_key]=H.entity_id}return new Map([...C].map(([H,L])=>[H,{id:H,type:g0(L),entities:L}]))}function g0(V){return Object.keys(V5).find(H=>V5[H].some(L=>L in V))??null}function p(V,C,H){let L=C.entities[H];return L===void 0?void 0:V.states[L]}function m(V){return V!==void 0&&V.state!=="unavailable"&&V.state!=="unknown"}function u(V){if(!m(V)||V.state.trim()==="")return null;let C=Number(V.state);return Number.isFinite(C)?C:null}function B(V,C){let H=V.devices[C];return H?.name_by_user??H?.name??C}function F1(V,C){let H=V.devices[C];return H?.config_entry_id??H?.primary_config_entry??null}function q(V){let C=new WeakMap;return({connection:H})=>{let L=C.get(H);return L===void 0&&C.set(H,L=V()),L}}var K=class{#C=new Map;get keys(){return[...this.#C.keys()]}add(C,H){let L=this.#C.get(C)??new Set;return this.#C.set(C,L.add(H)),()=>{L.delete(H),L.size===0&&this.#C.get(C)===L&&this.#C.delete(C)}}notify(C){for(let H of C)for(let L of this.#C.get(H)??[])L()}};function f0(V,C){return Object.values(f(V).get(C)?.entities??{}).some(L=>(V.states[L]?.state??"unavailable")!=="unavailable")}async function O0(V,C){if(C.length===0)return{devices:{}};try{let{response:H}=await V.callService("amps","get_device",{},{device_id:C},!1,!0);return H??null}catch{return null}}var t2=class{#C=new K;#V=new Map;#H=null;get(C){return this.#V.get(C)??null}watch(C,H){return this.#C.add(C,H)}refresh(C,H){this.#H===null&&(this.#H=new Set,R1(()=>{this.#L(C)})),this.#H.add(H)}async#L(C){let H=[...this.#H??[]];if(this.#H=null,!C.connected)return;let L=new Set(H.filter(e=>f0(C,e))),M=await O0(C,[...L]);for(let e of H){let r=M?.devices[e]?.reading;r?this.#V.set(e,r):(M!==null||!L.has(e))&&this.#V.delete(e)}this.#C.notify(H)}},R=q(()=>new t2);var _1=new Set,m1;function j(V){return _1.add(V),m1===void 0&&(m1=setTimeout(M5,e5()),document.addEventListener("visibilitychange",i2)),()=>{_1.delete(V),!(_1.size>0)&&(clearTimeout(m1),m1=void 0,document.removeEventListener("visibilitychange",i2))}}function M5(){m1=setTimeout(M5,e5()),i2()}function i2(){if(!document.hidden)for(let V of _1)V()}function e5(){return 6e4-Date.now()%6e4+50}var y0=["action","last_action","reachable","mode","charging_enabled","thermostat"],X=class{#C;#V;#H=new Map;constructor(C,H=[]){this.#C=C,this.#V=[...y0,...H]}watch(C,H){let L=R(C),M=new Set(H.map(({id:e})=>e));for(let[e,r]of this.#H)M.has(e)||(r(),this.#H.delete(e));for(let e of M)this.#H.has(e)||(this.#H.set(e,L.watch(e,this.#C)),L.refresh(C,e))}stop(){for(let C of this.#H.values())C();this.#H.clear()}hassChanged(C,H,L){let M=!C.connected&&H.connected||C.entities!==H.entities;for(let e of L)(M||this.#V.some(r=>p(C,e,r)!==p(H,e,r)))&&R(H).refresh(H,e.id)}};async function F(V,C,H,L,M,e=!1){let[r="",t=""]=H.split(".");try{let{response:i}=await V.callService(r,t,L,M,!1,e);return{ok:!0,response:i}}catch(i){return{ok:!1,failure:await w0(V,C,i)}}}var r5=3;async function w0(V,C,H){let L=o2(H)&&"error"in H?H.error:H;if(L===r5||o2(L)&&L.code===r5)return{key:"",text:C("connection_lost")};let{translation_domain:M,translation_key:e,translation_placeholders:r,message:t}=o2(L)?L:{};if(M&&e){let n=(await V.loadBackendTranslation("exceptions",M))(`component.${M}.exceptions.${e}.message`,r);return{key:e,text:n||t||C("failed_unknown")}}return t==="Unauthorized"?{key:"",text:C("not_permitted")}:{key:"",text:t||C("failed_unknown")}}function o2(V){return typeof V=="object"&&V!==null}function l1(V,C,H){V.dispatchEvent(new CustomEvent(C,{detail:H,bubbles:!0,composed:!0}))}function v1(V,C){l1(V,"hass-more-info",{entityId:C})}var t5={device_card_name:"Amps device",device_card_description:"A battery, charger, thermostat, inverter or vehicle: what it does, and the command that it has.",editor_device:"Device",editor_name:"Name",editor_controls:"Controls",editor_ribbon:"Course of the day",flow_power:"{flow} at {power}",flow_resting:"Resting",not_plugged_in:"No vehicle plugged in",plugged_in_not_charging:"Plugged in, not charging",unplugged:"Unplugged",full_at:"full {time}",standing:"Command",until:"until {time}",waiting_for_device:"The device does not show it yet",in_progress:"Now",last:"Last command",read_at:"read {age}",read_just_now:"read just now",simulated:"Simulated",unreachable:"Not reachable",unreachable_text:"The manufacturer does not reach the device, or Amps not the manufacturer. What is known is old, and not shown as its state.",unavailable:"Unavailable",unavailable_text:"The last reading is too old to be shown.",not_loaded:"The account is not loaded",overridden:"Overridden",overridden_text:"The device does something other than its last command asked for. The manufacturer's app, or its own schedule, may have changed it.",controls:"Controls",close:"Close",send:"Send",sending:"Sending…",cancel_plan:"Cancel",cancel_plan_of:"Cancel {plan}",refresh:"Read now",target:"To",power:"Power",power_device:"Automatic",temperature:"Temperature",heat_to:"Heat to",cool_to:"Cool to",when:"When",when_now:"Now",when_at:"At",when_window:"Window",start:"Start",end:"End",afterwards:"Afterwards",lower:"Less: {name}",higher:"More: {name}",expected_level:"{level} by {time}",expected_at_end:"{level} at the end",expected_energy:"about {energy}",confirm_discharge:"Discharge {device}?",confirm_discharge_text:"Energy leaves the battery, and may go to the grid.",confirm_export:"Export from {device}?",confirm_export_text:"The battery feeds energy to the grid.",replace:"Replace what is planned?",replace_planned:"In the way: {plans}.",replace_text:"{reason} Replacing cancels it. It may also delete a schedule that was set in the manufacturer's app.",replace_confirm:"Replace",keep:"Keep",connection_lost:"The connection was lost. Whether the command was sent is not known yet.",failed_unknown:"Home Assistant did not say why it failed.",not_permitted:"You may look at this device, but not control it.",no_device:"Choose a device in the editor of the card.",device_gone:"This device is not in Home Assistant any more, or all of its entities are disabled.",ribbon:"Course of the day.",ribbon_now:"now",ribbon_summary:"Level of the last 12 hours: from {first} to {last}.",ribbon_summary_expected:"Expected: {level} by {time}.",ribbon_no_history:"No history yet.",home_card_name:"Amps home",home_card_description:"All devices of an account: what they do, what flows between them, and their commands.",editor_config_entry:"Account",editor_grid_power:"Power of the grid",editor_grid_power_helper:"A sensor that is positive while power comes from the grid. Optional.",editor_house_power:"Power of the house",editor_house_power_helper:"A sensor of what the whole house consumes. Optional.",home_grid:"Grid",home_from_grid:"From the grid",home_to_grid:"To the grid",home_grid_rests:"Nothing flows",home_house:"Consumption of the house",home_sums:"{supplied} supplied, {drawn} drawn",home_rests:"No power flows to or from the devices",home_pending:"not yet",home_troubled:"Needs attention: {count}",home_more:"{count} more",home_fewer:"Show fewer",home_sources:"Sources and storage",home_loads:"Vehicles and heating",no_account:"Choose an account in the editor of the card.",no_devices:"This account has no devices in Home Assistant, or all of their entities are disabled.",feature_name:"Amps commands",editor_commands:"Buttons",stop_charging:"Stop charging",strategy_name:"Amps",strategy_description:"All devices of Amps: the home, and a card for each device.",strategy_more:"More devices: {count}"};var i5={de:()=>import("./amps-cards.de.SC74LYEE.js"),es:()=>import("./amps-cards.es.P2M6VO2Z.js"),fr:()=>import("./amps-cards.fr.EX7WW7UI.js"),nl:()=>import("./amps-cards.nl.327QHK2Y.js")},a2=new Map;function o5(V){let C=V.split("-",1)[0]??"";return C in i5?C:"en"}function x1(V){return a2.get(o5(V))??t5}async function Y(V){let C=o5(V),H=i5[C];if(!H||a2.has(C))return!1;try{return a2.set(C,(await H()).default),!0}catch{return!1}}function b0(V,C={}){return V.replace(/\{(\w+)\}/g,(H,L)=>String(C[L]??H))}function O(V){let C=x1(V);return(H,L)=>b0(C[H],L)}var J="https://github.com/amps-ai/home-assistant";function s(V,C){customElements.get(V)||customElements.define(V,C)}function A2(V){let C=L=>({enumerable:!0,get:()=>O(document.documentElement.lang)(L)}),H=Object.entries(V).filter(([L])=>L==="name"||L==="description");return Object.defineProperties({...V},Object.fromEntries(H.map(([L,M])=>[L,C(M)])))}function D1(V){n5(window.customCards??=[],A2(V))}function a5(V){n5(window.customCardFeatures??=[],A2(V))}function A5(V){let C=window.customStrategies??=[];C.some(H=>H.type===V.type&&H.strategyType===V.strategyType)||C.push(A2(V))}function n5(V,C){V.some(H=>H.type===C.type)||V.push(C)}var d5=new Map;function s1(V,C,H,L){let M=`${V} ${C??""} ${JSON.stringify(H)}`,e=d5.get(M);return e===void 0&&d5.set(M,e=L()),e}var k0={comma_decimal:"en-US",decimal_comma:"de",space_comma:"fr",quote_decimal:"de-CH"};function n2(V,C,H={}){let{number_format:L,language:M}=V.locale,e=L==="system"?void 0:k0[L]??M,t={maximumFractionDigits:1,...L==="none"?{useGrouping:!1}:{},...H};return s1("number",L==="none"?"en":e,t,()=>new Intl.NumberFormat(L==="none"?"en":e,t)).format(C)}var T0=/^(cs|de|fi|fr|sk|sv)\b/;function h(V,C,H,L){let M=H!=="%"||T0.test(V.locale.language);return`${n2(V,C,L)}${M?" ":""}${H}`}function Z1(V,C,H){let L=V.formatEntityStateToParts?.(C,H)??[{type:"value",value:V.formatEntityState(C,H)}],M=e=>L.filter(r=>r.type==="unit"===e).map(r=>r.value).join("").trim();return{value:M(!1),unit:M(!0)}}function m5(V){return V.locale.time_zone==="server"?V.config.time_zone:void 0}function P0({time_format:V,language:C}){return V==="12"||V==="24"?V==="12":s1("hour",V==="language"?C:void 0,{},()=>new Intl.DateTimeFormat(V==="language"?C:void 0,{hour:"numeric"})).resolvedOptions().hour12===!0}function l5(V,C){let H=m5(V),L={...C,...H===void 0?{}:{timeZone:H}};return s1("date",V.locale.language,L,()=>new Intl.DateTimeFormat(V.locale.language,L))}function E1(V,C){let H=P0(V.locale);return l5(V,{hour:H?"numeric":"2-digit",minute:"2-digit",hourCycle:H?"h12":"h23"}).format(C)}function p5(V,C){let H=m5(V),L={year:"numeric",month:"2-digit",day:"2-digit",...H===void 0?{}:{timeZone:H}},M=s1("day","en-CA",L,()=>new Intl.DateTimeFormat("en-CA",L)).format(C);return Math.round(Date.parse(`${M}T00:00:00Z`)/864e5)}function S(V,C,H){let L=E1(V,C),M=p5(V,C)-p5(V,H);return M===0?L:`${Math.abs(M)===1?C1(V,M,"day"):B0(V,C,Math.abs(M)<7)} ${L}`}function B0(V,C,H){return l5(V,H?{weekday:"short"}:{day:"numeric",month:"short"}).format(C)}function v5(V,C,H,L){let M=H.getTime()-C.getTime()<864e5;return`${S(V,C,L)} – ${M?E1(V,H):S(V,H,L)}`}function C1(V,C,H){let{language:L}=V.locale;return s1("relative",L,{},()=>new Intl.RelativeTimeFormat(L,{numeric:"auto"})).format(C,H)}function x5(V,C){return C1(V,C,"day")}function H1(V,C,H){let L=Math.floor(Math.max(H.getTime()-C.getTime(),0)/6e4);return L<1?C1(V,0,"second"):L<60?C1(V,-L,"minute"):L<2880?C1(V,-Math.floor(L/60),"hour"):C1(V,-Math.floor(L/1440),"day")}var R0=["common","services","selector","exceptions"],F0=q(()=>({language:""}));function s5(V){let C=F0(V),{language:H}=V.locale;if(C.language!==H){C.language=H;for(let L of R0)V.loadBackendTranslation(L,"amps").catch(()=>{C.language=""})}}var V1="component.amps";function L1(V){return V.replaceAll("_"," ").toLowerCase()}function u1(V){return V.charAt(0).toUpperCase()+V.slice(1)}function k(V,C,H){return V.localize(`${V1}.common.${C}`,H)}var _0={percent:"%",kw:"kW",watts:"W",kwh:"kWh",amps:"A",celsius:"°C"};function W(V,{command:C,parameters:H}){return $1(V,"command",C,u5(V,H))}function Z5(V,{command:C,parameters:H}){return u1($1(V,"plan",C,u5(V,H)))}function u5(V,C){return Object.entries(C??{}).map(([H,{value:L,unit:M}])=>[H,d2(V,L,M)])}function $1(V,C,H,L){let M=H??"unknown",e=[k(V,`${C}_${M}`)||u1(L1(M))];for(let[r,t]of L){let i={name:L1(r),value:t};e.push(k(V,`parameter_${M}_${r}`,i)||k(V,`parameter_${r}`,i)||`${i.name} ${t}`)}return e.join(" ")}function d2(V,C,H){return H==="celsius"&&V.config.unit_system.temperature==="°F"?h(V,C*1.8+32,"°F",{maximumFractionDigits:0}):h(V,C,_0[H]??H,{maximumFractionDigits:H==="kw"?2:1})}function c5(V,C){return k(V,`state_${C}`)||V.localize(`${V1}.entity.sensor.last_action.state.${C}`)||L1(C)}function p2(V,C){return u1(k(V,`reason_${C.toLowerCase()}`)||L1(C))}function T(V,C,H){return H==="hvac"&&C==="idle"?V.localize("component.climate.entity_component._.state.off"):V.localize(`${V1}.entity.select.mode.state.${C}`)||V.localize(`${V1}.selector.mode.options.${C}`)||V.localize(`${V1}.selector.hvac_mode.options.${C}`)||u1(L1(C))}function S5(V,C){return V.localize(`${V1}.selector.then.options.${C}`)||u1(L1(C))}var _=class extends c{#C;#V="";get hass(){return this.#C}set hass(C){let H=this.#C;this.#C=C,C&&(C.locale.language!==this.#V&&this.#H(C),(!H||this.isAffected(H,C))&&(this.hassChanged?.(H,C),this.requestUpdate()))}get text(){return O(this.#V)}isAffected(C,H){return C.localize!==H.localize||C.locale!==H.locale||C.connected!==H.connected||C.config!==H.config||C.devices!==H.devices||C.entities!==H.entities?!0:C.states===H.states?!1:this.shownDevices(H).some(L=>Object.values(L.entities).some(M=>C.states[M]!==H.states[M]))}#H(C){this.#V=C.locale.language,s5(C),Y(this.#V).then(H=>{H&&this.requestUpdate()})}};var h5="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var g5="M12,2L1,21H23M12,6L19.53,19H4.47M11,10V14H13V10M11,16V18H13V16";var f5="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M14.94 18.5L17.94 21.5L20.94 18.5H18.94V14.5H16.94V18.5H14.94";var O5="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M20.94 17.5L17.94 14.5L14.94 17.5H16.94V21.5H18.94V17.5H20.94";var y5="M15,13H16.5V15.82L18.94,17.23L18.19,18.53L15,16.69V13M19,8H5V19H9.67C9.24,18.09 9,17.07 9,16A7,7 0 0,1 16,9C17.07,9 18.09,9.24 19,9.67V8M5,21C3.89,21 3,20.1 3,19V5C3,3.89 3.89,3 5,3H6V1H8V3H16V1H18V3H19A2,2 0 0,1 21,5V11.1C22.24,12.36 23,14.09 23,16A7,7 0 0,1 16,23C14.09,23 12.36,22.24 11.1,21H5M16,11.15A4.85,4.85 0 0,0 11.15,16C11.15,18.68 13.32,20.85 16,20.85A4.85,4.85 0 0,0 20.85,16C20.85,13.32 18.68,11.15 16,11.15Z";var w5="M12 2C17.5 2 22 6.5 22 12S17.5 22 12 22 2 17.5 2 12 6.5 2 12 2M12 4C10.1 4 8.4 4.6 7.1 5.7L18.3 16.9C19.3 15.5 20 13.8 20 12C20 7.6 16.4 4 12 4M16.9 18.3L5.7 7.1C4.6 8.4 4 10.1 4 12C4 16.4 7.6 20 12 20C13.9 20 15.6 19.4 16.9 18.3Z";var b5="M18.92 2C18.72 1.42 18.16 1 17.5 1H6.5C5.84 1 5.29 1.42 5.08 2L3 8V16C3 16.55 3.45 17 4 17H5C5.55 17 6 16.55 6 16V15H18V16C18 16.55 18.45 17 19 17H20C20.55 17 21 16.55 21 16V8L18.92 2M6.5 12C5.67 12 5 11.33 5 10.5S5.67 9 6.5 9 8 9.67 8 10.5 7.33 12 6.5 12M17.5 12C16.67 12 16 11.33 16 10.5S16.67 9 17.5 9 19 9.67 19 10.5 18.33 12 17.5 12M5 7L6.5 2.5H17.5L19 7H5M7 20H11V18L17 21H13V23L7 20Z";var k5="M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z";var T5="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var P5="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var B5="M19.77,7.23L19.78,7.22L16.06,3.5L15,4.56L17.11,6.67C16.17,7.03 15.5,7.93 15.5,9A2.5,2.5 0 0,0 18,11.5C18.36,11.5 18.69,11.42 19,11.29V18.5A1,1 0 0,1 18,19.5A1,1 0 0,1 17,18.5V14A2,2 0 0,0 15,12H14V5A2,2 0 0,0 12,3H6A2,2 0 0,0 4,5V21H14V13.5H15.5V18.5A2.5,2.5 0 0,0 18,21A2.5,2.5 0 0,0 20.5,18.5V9C20.5,8.31 20.22,7.68 19.77,7.23M18,10A1,1 0 0,1 17,9A1,1 0 0,1 18,8A1,1 0 0,1 19,9A1,1 0 0,1 18,10M8,18V13.5H6L10,6V11H12L8,18Z";var R5="M17.66 11.2C17.43 10.9 17.15 10.64 16.89 10.38C16.22 9.78 15.46 9.35 14.82 8.72C13.33 7.26 13 4.85 13.95 3C13 3.23 12.17 3.75 11.46 4.32C8.87 6.4 7.85 10.07 9.07 13.22C9.11 13.32 9.15 13.42 9.15 13.55C9.15 13.77 9 13.97 8.8 14.05C8.57 14.15 8.33 14.09 8.14 13.93C8.08 13.88 8.04 13.83 8 13.76C6.87 12.33 6.69 10.28 7.45 8.64C5.78 10 4.87 12.3 5 14.47C5.06 14.97 5.12 15.47 5.29 15.97C5.43 16.57 5.7 17.17 6 17.7C7.08 19.43 8.95 20.67 10.96 20.92C13.1 21.19 15.39 20.8 17.03 19.32C18.86 17.66 19.5 15 18.56 12.72L18.43 12.46C18.22 12 17.66 11.2 17.66 11.2M14.5 17.5C14.22 17.74 13.76 18 13.4 18.1C12.28 18.5 11.16 17.94 10.5 17.28C11.69 17 12.4 16.12 12.61 15.23C12.78 14.43 12.46 13.77 12.33 13C12.21 12.26 12.23 11.63 12.5 10.94C12.69 11.32 12.89 11.7 13.13 12C13.9 13 15.11 13.44 15.37 14.8C15.41 14.94 15.43 15.08 15.43 15.23C15.46 16.05 15.1 16.95 14.5 17.5H14.5Z";var F5="M7,2V13H10V22L17,10H13L17,2H7Z";var _5="M21 7C21 5.62 19.88 4.5 18.5 4.5C18.33 4.5 18.16 4.5 18 4.55V4C18 2.62 16.88 1.5 15.5 1.5C15.27 1.5 15.04 1.53 14.83 1.59C14.46 .66 13.56 0 12.5 0C11.27 0 10.25 .89 10.04 2.06C9.87 2 9.69 2 9.5 2C8.12 2 7 3.12 7 4.5V10.39C6.66 10.08 6.24 9.85 5.78 9.73L5 9.5C4.18 9.29 3.31 9.61 2.82 10.35C2.44 10.92 2.42 11.66 2.67 12.3L5.23 18.73C6.5 21.91 9.57 24 13 24C17.42 24 21 20.42 21 16V7M19 16C19 19.31 16.31 22 13 22C10.39 22 8.05 20.41 7.09 18L4.5 11.45L5 11.59C5.5 11.71 5.85 12.05 6 12.5L7 15H9V4.5C9 4.22 9.22 4 9.5 4S10 4.22 10 4.5V12H12V2.5C12 2.22 12.22 2 12.5 2S13 2.22 13 2.5V12H15V4C15 3.72 15.22 3.5 15.5 3.5S16 3.72 16 4V12H18V7C18 6.72 18.22 6.5 18.5 6.5S19 6.72 19 7V16Z";var D5="M12 20L5 20V12H2L12 3L14.78 5.5H14V7.17C12.84 7.58 12 8.7 12 10V20M15 9H16V7.5H20V9H21C21.55 9 22 9.45 22 10V21C22 21.55 21.55 22 21 22H15C14.45 22 14 21.55 14 21V10C14 9.45 14.45 9 15 9M16 11V14H20V11H16Z";var E5="M12 3L2 12H5V20H19V12H22L12 3M11.5 18V14H9L12.5 7V11H15L11.5 18Z";var $5="M2,5.27L3.28,4L20,20.72L18.73,22L13.9,17.17L11.29,19.78C9.34,21.73 6.17,21.73 4.22,19.78C2.27,17.83 2.27,14.66 4.22,12.71L5.71,11.22C5.7,12.04 5.83,12.86 6.11,13.65L5.64,14.12C4.46,15.29 4.46,17.19 5.64,18.36C6.81,19.54 8.71,19.54 9.88,18.36L12.5,15.76L10.88,14.15C10.87,14.39 10.77,14.64 10.59,14.83C10.2,15.22 9.56,15.22 9.17,14.83C8.12,13.77 7.63,12.37 7.72,11L2,5.27M12.71,4.22C14.66,2.27 17.83,2.27 19.78,4.22C21.73,6.17 21.73,9.34 19.78,11.29L18.29,12.78C18.3,11.96 18.17,11.14 17.89,10.36L18.36,9.88C19.54,8.71 19.54,6.81 18.36,5.64C17.19,4.46 15.29,4.46 14.12,5.64L10.79,8.97L9.38,7.55L12.71,4.22M13.41,9.17C13.8,8.78 14.44,8.78 14.83,9.17C16.2,10.54 16.61,12.5 16.06,14.23L14.28,12.46C14.23,11.78 13.94,11.11 13.41,10.59C13,10.2 13,9.56 13.41,9.17Z";var N5="M19,13H5V11H19V13Z";var I5="M14,19H18V5H14M6,19H10V5H6V19Z";var W5="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var U5="M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z";var G5="M4 6.03L11.5 9.25L4 8.25L4 6.03M11.5 14.75L4 17.97V15.75L11.5 14.75M2 3L2 10L17 12L2 14L2 21L23 12L2 3Z";var Q5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M11,14H13V17H16V12H18L12,7L6,12H8V17H11V14";var z5="M20.79,13.95L18.46,14.57L16.46,13.44V10.56L18.46,9.43L20.79,10.05L21.31,8.12L19.54,7.65L20,5.88L18.07,5.36L17.45,7.69L15.45,8.82L13,7.38V5.12L14.71,3.41L13.29,2L12,3.29L10.71,2L9.29,3.41L11,5.12V7.38L8.5,8.82L6.5,7.69L5.92,5.36L4,5.88L4.47,7.65L2.7,8.12L3.22,10.05L5.55,9.43L7.55,10.56V13.45L5.55,14.58L3.22,13.96L2.7,15.89L4.47,16.36L4,18.12L5.93,18.64L6.55,16.31L8.55,15.18L11,16.62V18.88L9.29,20.59L10.71,22L12,20.71L13.29,22L14.7,20.59L13,18.88V16.62L15.5,15.17L17.5,16.3L18.12,18.63L20,18.12L19.53,16.35L21.3,15.88L20.79,13.95M9.5,10.56L12,9.11L14.5,10.56V13.44L12,14.89L9.5,13.44V10.56Z";var K5="M3.33 16H11V13H4L3.33 16M13 16H20.67L20 13H13V16M21.11 18H13V22H22L21.11 18M2 22H11V18H2.89L2 22M11 8H13V11H11V8M15.76 7.21L17.18 5.79L19.3 7.91L17.89 9.33L15.76 7.21M4.71 7.91L6.83 5.79L8.24 7.21L6.12 9.33L4.71 7.91M3 2H6V4H3V2M18 2H21V4H18V2M12 7C14.76 7 17 4.76 17 2H7C7 4.76 9.24 7 12 7Z";var q5="M18,18H6V6H18V18Z";var j5="M16.95,16.95L14.83,14.83C15.55,14.1 16,13.1 16,12C16,11.26 15.79,10.57 15.43,10L17.6,7.81C18.5,9 19,10.43 19,12C19,13.93 18.22,15.68 16.95,16.95M12,5C13.57,5 15,5.5 16.19,6.4L14,8.56C13.43,8.21 12.74,8 12,8A4,4 0 0,0 8,12C8,13.1 8.45,14.1 9.17,14.83L7.05,16.95C5.78,15.68 5,13.93 5,12A7,7 0 0,1 12,5M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12C22,6.47 17.5,2 12,2Z";var X5="M6,2H18V8H18V8L14,12L18,16V16H18V22H6V16H6V16L10,12L6,8V8H6V2M16,16.5L12,12.5L8,16.5V20H16V16.5M12,11.5L16,7.5V4H8V7.5L12,11.5M10,6H14V6.75L12,8.75L10,6.75V6Z";var Y5="M8.28,5.45L6.5,4.55L7.76,2H16.23L17.5,4.55L15.72,5.44L15,4H9L8.28,5.45M18.62,8H14.09L13.3,5H10.7L9.91,8H5.38L4.1,10.55L5.89,11.44L6.62,10H17.38L18.1,11.45L19.89,10.56L18.62,8M17.77,22H15.7L15.46,21.1L12,15.9L8.53,21.1L8.3,22H6.23L9.12,11H11.19L10.83,12.35L12,14.1L13.16,12.35L12.81,11H14.88L17.77,22M11.4,15L10.5,13.65L9.32,18.13L11.4,15M14.68,18.12L13.5,13.64L12.6,15L14.68,18.12Z",J5="M5.18 5.45L3.4 4.55L4.66 2H13.13L14.4 4.55L12.62 5.44L11.9 4H5.9L5.18 5.45M15.5 8H11L10.2 5H7.6L6.81 8H2.28L1 10.55L2.79 11.44L3.5 10H14.28L15 11.45L16.79 10.56L15.5 8M14.67 22H12.6L12.36 21.1L8.9 15.9L5.43 21.1L5.2 22H3.13L6 11H8.09L7.73 12.35L8.9 14.1L10.06 12.35L9.71 11H11.78L14.67 22M8.3 15L7.4 13.65L6.22 18.13L8.3 15M11.58 18.12L10.4 13.64L9.5 15L11.58 18.12M23 16L19 12V15H15V17H19V20L23 16Z";var D0={alert:h5,charge:O5,calendar:y5,cancelled:w5,check:k5,clock:T5,close:P5,discharge:f5,export:J5,fire:R5,flash:F5,grid:Y5,home:E5,minus:N5,overridden:_5,pause:I5,plus:W5,refresh:U5,reserve:Q5,sent:G5,snowflake:z5,stop:q5,unreachable:$5,waiting:X5,warning:g5,ev_charger:B5,home_battery:D5,hvac:j5,solar_inverter:K5,vehicle:b5};function l(V){return z`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${D0[V]}></path></svg>`}var y=Z`
:host {
--amps-text: var(--primary-text-color, #141414);
--amps-quiet: var(--secondary-text-color, #5e5e5e);
--amps-line: var(--divider-color, rgba(0, 0, 0, 0.12));
--amps-inset: var(--secondary-background-color, #e5e5e5);
--amps-card: var(--ha-card-background, var(--card-background-color, #fff));
--amps-in: var(--energy-battery-in-color, #f06292);
--amps-out: var(--energy-battery-out-color, #4db6ac);
--amps-solar: var(--energy-solar-color, #ff9800);
--amps-danger: var(--ha-color-on-danger-normal, #b30532);
--amps-danger-fill: var(--ha-color-fill-danger-quiet-resting, rgba(219, 68, 55, 0.12));
--amps-warning: var(--ha-color-on-warning-normal, #9d3800);
--amps-warning-fill: var(--ha-color-fill-warning-quiet-resting, rgba(255, 166, 0, 0.14));
--amps-good: var(--ha-color-on-success-normal, #036730);
--amps-gap: var(--ha-space-3, 12px);
--amps-radius: var(--ha-border-radius-lg, 12px);
color: var(--amps-text);
font-family: var(--ha-font-family-body, Roboto, sans-serif);
font-size: var(--ha-font-size-m, 14px);
line-height: 1.4;
}
* {
box-sizing: border-box;
}
svg.icon {
width: 20px;
height: 20px;
flex: none;
fill: currentColor;
}
button,
input,
select {
font: inherit;
color: inherit;
letter-spacing: inherit;
}
button {
cursor: pointer;
border: 0;
background: none;
padding: 0;
text-align: inherit;
}
/* What cannot be pressed now keeps the focus that it has: buttons are never disabled. */
button[aria-disabled="true"] {
cursor: default;
}
:focus {
outline: none;
}
:focus-visible {
outline: 2px solid var(--amps-text);
outline-offset: 2px;
}
.quiet {
color: var(--amps-quiet);
}
.small {
font-size: var(--ha-font-size-s, 12px);
}
.visually-hidden {
position: absolute;
width: 1px;
height: 1px;
overflow: hidden;
clip-path: inset(50%);
white-space: nowrap;
}
/* Buttons and fields: 40 px high, so that a finger hits them. */
.button {
display: inline-flex;
align-items: center;
justify-content: center;
gap: 6px;
min-height: 40px;
padding-inline: 14px;
border-radius: var(--ha-border-radius-pill, 9999px);
background: var(--amps-inset);
font-weight: 500;
text-align: center;
}
.button:hover:not([aria-disabled="true"]) {
background: color-mix(in srgb, var(--amps-text) 14%, var(--amps-card));
}
.button[aria-disabled="true"] {
color: var(--amps-quiet);
}
.button.main {
background: var(--amps-text);
color: var(--amps-card);
}
.button.main:hover:not([aria-disabled="true"]) {
background: color-mix(in srgb, var(--amps-text) 85%, var(--amps-card));
}
.button.main[aria-disabled="true"] {
background: var(--amps-inset);
color: var(--amps-quiet);
}
.button.plain {
background: none;
padding-inline: 10px;
}
.button.plain:hover:not([aria-disabled="true"]) {
background: var(--amps-inset);
}
.button.round {
padding: 0;
width: 40px;
}
.field {
min-height: 40px;
width: 100%;
padding-inline: 10px;
border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
border-radius: var(--ha-border-radius-md, 8px);
background: var(--amps-card);
}
@media (prefers-reduced-motion: no-preference) {
.button {
transition: background-color var(--ha-animation-duration-fast, 150ms);
}
}
`;var C3={charge:"charge",discharge:"discharge",heat:"fire",cool:"snowflake",auto:"hvac",idle:"pause",auto_balanced:"home",auto_reserve:"reserve",auto_export:"export",follow_schedule:"calendar"},E0=["auto_balanced","auto_reserve","auto_export","follow_schedule"],V3=["charge","discharge","heat","cool","auto"],$0=[["immediate","now"],["scheduled","at"],["windowed","window"]];function L3(V,C,H){let L=E0.filter(M=>H.commands[M]);return Object.keys(C3).flatMap(M=>{let e=H.commands[M],r=e?$0.filter(([t])=>e.execution.includes(t)).map(([,t])=>t):[];return!e||r.length===0?[]:[{command:M,icon:C3[M]??"flash",fields:I0(V,C,M,e),whens:r,thens:r.includes("window")&&V3.includes(M)?["previous","hold",...L]:[]}]})}var H3={percent:{unit:"%",min:0,max:100,step:1,bigStep:5},kw:{unit:"kW",min:0,max:50,step:.1,bigStep:.5},celsius:{unit:"°C",min:10,max:35,step:.5,bigStep:.5}},N0={unit:"°F",step:1,bigStep:1};function I0(V,C,H,L){return["target","heat_setpoint","cool_setpoint","power"].flatMap(e=>{let r=L.parameters[e],t=r&&W0(V,C,H,e,r);return t?[t]:[]})}function W0(V,C,H,L,M){let e=H3[M.unit??""]??(L==="power"&&M.unit==="watts"?H3.kw:void 0);if(!e)return null;let r=M.unit==="watts"?.001:1,t={...e,min:(M.min??e.min/r)*r,max:(M.max??e.max/r)*r};e.unit==="°C"&&V.config.unit_system.temperature==="°F"&&(t={...N0,min:Math.ceil(m2(t.min)),max:Math.floor(m2(t.max))});let i=L==="power",n=Q0(V,C,H,L);return{name:L,key:U0(H,L),...t,value:n===null?i?null:G0(H,L,t):M1(n,t.min,t.max),isOptional:i}}function U0(V,C){return C!=="target"?C:V==="charge"||V==="discharge"?"target_level":"temperature"}function m2(V){return V*1.8+32}function M1(V,C,H){return Math.min(Math.max(V,C),H)}function G0(V,C,{min:H,max:L,unit:M}){if(M==="%")return V==="discharge"?H:L;let e=V==="cool"||C==="cool_setpoint"?25:20;return M1(M==="°F"?m2(e):e,H,L)}function Q0(V,C,H,L){if(H==="charge"||H==="discharge"){let i=L==="power"?`${H}_power_limit`:`${H}_target`;return u(p(V,C,i))}let M=p(V,C,"thermostat")?.attributes,e=M?.target_temp_low,r=M?.target_temp_high,t=L==="heat_setpoint"?e:L==="cool_setpoint"?r:M?.temperature??(H==="heat"?e:r);return typeof t=="number"?t:null}function N1(V){let{command:C,when:H}=V,L={...H!=="now"&&V.start?{start:V.start}:{},...H==="window"&&V.end?{end:V.end}:{}},M=H==="window"&&V3.includes(C)?{then:V.then}:{},e={...V.values,...L,...M};return C==="charge"||C==="discharge"||C==="idle"?{action:`amps.${C}`,data:e}:C==="heat"||C==="cool"||C==="auto"?{action:"amps.set_temperature",data:{mode:C,...e}}:{action:"amps.set_mode",data:{mode:C,...e}}}async function c1(V,C){let H=await window.loadCardHelpers?.();return H?.showConfirmationDialog?await H.showConfirmationDialog(V,C)===!0:window.confirm(`${C.title}

${C.text}`)}function l2(V,C,H){return V.locale.time_zone==="server"||z0()===V.config.time_zone?C:K0(C,H).toISOString()}function z0(){return new Intl.DateTimeFormat().resolvedOptions().timeZone}function K0(V,C){let[H=0,L=0]=V.split(":").map(Number),M=new Date(C);return M.setHours(H,L,0,0),M<=C&&M.setDate(M.getDate()+1),M}var q0=6e5;function v2(V,C,H){let L=new Date(C.getTime()+q0+(H+1)*36e5);return`${M3(V,L).slice(0,2)}:00`}function M3(V,C){return new Intl.DateTimeFormat("en-GB",{hour:"2-digit",minute:"2-digit",hourCycle:"h23",...V.locale.time_zone==="server"?{timeZone:V.config.time_zone}:{}}).format(C)}function e3(V,C,H,L){let M=H>M3(V,C)?0:1;return{start:M,end:M+(L>H?0:1)}}var r3=Z`
:host {
display: block;
}
form {
display: grid;
grid-template-columns: repeat(auto-fit, minmax(max(130px, 50% - var(--amps-gap)), 1fr));
gap: var(--amps-gap);
padding: var(--amps-gap);
border: 1px solid var(--amps-line);
border-radius: var(--ha-border-radius-md, 8px);
}
form > .wide {
grid-column: 1 / -1;
}
label,
legend {
display: block;
margin-block-end: 4px;
padding: 0;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.day {
color: var(--amps-text);
}
fieldset {
min-width: 0;
margin: 0;
padding: 0;
border: 0;
}
.number {
display: grid;
grid-template-columns: 36px 1fr 36px;
align-items: center;
border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
border-radius: var(--ha-border-radius-md, 8px);
}
.number .button {
border-radius: inherit;
}
.number .value {
display: flex;
justify-content: center;
align-items: baseline;
gap: 2px;
min-width: 0;
}
.number input {
width: 3.6em;
min-height: 38px;
border: 0;
background: none;
text-align: end;
font-size: var(--ha-font-size-l, 16px);
appearance: textfield;
border-radius: 4px;
}
.number input:placeholder-shown {
width: 100%;
padding: 0;
letter-spacing: -0.03em; /* the longest word fits half a form on a phone */
text-align: center;
font-size: var(--ha-font-size-s, 12px);
}
.number input:placeholder-shown + span {
display: none;
}
::placeholder {
color: var(--amps-quiet);
opacity: 1;
}
input::-webkit-inner-spin-button {
appearance: none;
}
.options {
display: grid;
grid-auto-flow: column;
grid-auto-columns: 1fr;
gap: 2px;
padding: 2px;
border-radius: var(--ha-border-radius-pill, 9999px);
background: var(--amps-inset);
}
.options label {
display: grid;
place-items: center;
min-height: 36px;
margin: 0;
padding-inline: 8px;
border-radius: inherit;
color: var(--amps-text);
font-size: inherit;
cursor: pointer;
}
.options label:has(:checked) {
background: var(--amps-card);
font-weight: 500;
box-shadow: inset 0 0 0 1px var(--amps-text);
}
.options label:has(:focus-visible) {
outline: 2px solid var(--amps-text);
outline-offset: 2px;
}
.options input {
position: absolute;
opacity: 0;
pointer-events: none;
}
.end {
display: flex;
flex-wrap: wrap;
align-items: center;
justify-content: flex-end;
gap: 8px;
}
.expected {
flex: 1 1 10em;
margin: 0;
}
.error {
margin: 0;
color: var(--amps-danger);
}
`;async function t3(V,C,H,L){let{action:M,data:e}=N1(L),r={device_id:H},t=await F(V,C,M,{...e,dry_run:!0},r,!0),i=t.ok?t.response?.devices[H]:void 0;return i?i.objections[0]?.message??j0(V,C,i.expected):""}function j0(V,C,H){if(typeof H?.level!="number")return"";let L=h(V,H.level,"%",{maximumFractionDigits:0}),M=[H.reached_at?C("expected_level",{level:L,time:S(V,new Date(H.reached_at),new Date)}):C("expected_at_end",{level:L})];return H.energy&&M.push(C("expected_energy",{energy:h(V,H.energy,"kWh")})),M.join(", ")}function o3(V,C,H,L,M){let{key:e,min:r,max:t,unit:i,isOptional:n}=H,A=C(X0(H));return a`<div>
<label for=${e}
>${A} <span class="quiet">(${n2(V,r)}–${h(V,t,i)})</span></label
>
<div class="number">
<button
type="button"
class="button plain round"
aria-label=${C("lower",{name:A})}
aria-disabled=${L!==null&&L<=r&&!n?"true":"false"}
@click=${()=>{M(d=>i3(H,d,-1))}}
>
${l("minus")}
</button>
<div class="value">
<input
id=${e}
type="number"
inputmode="decimal"
min=${r}
max=${t}
step="any"
?required=${!n}
placeholder=${n?C("power_device"):" "}
.value=${L===null?"":String(Math.round(L*100)/100)}
@change=${d=>{let v=Y0(H,d.target);v!==void 0&&M(()=>v)}}
/>
<span class="quiet">${i}</span>
</div>
<button
type="button"
class="button plain round"
aria-label=${C("higher",{name:A})}
aria-disabled=${L!==null&&L>=t?"true":"false"}
@click=${()=>{M(d=>i3(H,d,1))}}
>
${l("plus")}
</button>
</div>
</div>`}function X0({name:V,unit:C}){return V==="power"?"power":V==="heat_setpoint"?"heat_to":V==="cool_setpoint"?"cool_to":C==="%"?"target":"temperature"}function i3({min:V,max:C,bigStep:H,isOptional:L},M,e){if(M===null)return e===1?M1(H,V,C):C;let r=Math.round((M+e*H)/H)*H;return L&&r<=V?null:M1(r,V,C)}function Y0({min:V,max:C,isOptional:H},L){let M=L.valueAsNumber;if(Number.isNaN(M))return H?null:void 0;let e=M1(M,V,C);return L.value=String(e),e}var J0={discharge:["confirm_discharge","confirm_discharge_text"],auto_export:["confirm_export","confirm_export_text"]};function a3(V,C,H,L,M){let[e,r]=J0[H]??[];return e&&r?n3(C,C(e,{device:M}),C(r),T(V,H,L)):null}var C7=["action_in_the_way","other_in_the_way"];function A3(V,C,H,L){if(!C7.includes(C.key))return null;let M=V("replace_text",{reason:H7(V,C,H)});return n3(V,V("replace",{device:L}),M,V("replace_confirm"))}function H7(V,{key:C,text:H},L){let M=L.filter(({id:e})=>H.includes(e)).map(e=>`${e.text}, ${e.when}`);return C==="action_in_the_way"&&M.length?V("replace_planned",{plans:M.join("; ")}):H}function n3(V,C,H,L){return{title:C,text:H,confirmText:L,dismissText:V("keep"),destructive:!0}}var V7=400,x2=class extends c{static styles=[y,r3];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1,hasChanged:()=>!1},command:{attribute:!1,hasChanged:(C,H)=>C.command!==H?.command},canReplace:{attribute:!1},planned:{attribute:!1,hasChanged:()=>!1},text:{attribute:!1},name:{},_values:{state:!0},_when:{state:!0},_start:{state:!0},_end:{state:!0},_then:{state:!0},_expected:{state:!0},_failure:{state:!0},_busy:{state:!0}};#C;#V;#H=0;constructor(){super(),this._failure=null,this._busy=!1,this._expected=""}connectedCallback(){super.connectedCallback(),this.#V=j(()=>{this.requestUpdate()})}disconnectedCallback(){super.disconnectedCallback(),this.#V?.(),clearTimeout(this.#C)}willUpdate(C){if(C.has("command")){let{fields:H,whens:L,thens:M}=this.command,e=new Date;this._values=Object.fromEntries(H.map(({key:r,value:t})=>[r,t])),this._when=L[0]??"now",this._start=v2(this.hass,e,0),this._end=v2(this.hass,e,2),this._then=M[0]??"hold",this._failure=null}["command","_values","_when","_start","_end","_then"].some(H=>C.has(H))&&this.#r()}firstUpdated(){this.renderRoot.querySelector("input, button")?.focus()}render(){let{fields:C,whens:H,thens:L}=this.command,M=this.text,e=e3(this.hass,new Date,this._start,this._end);return a`
<form
aria-label=${T(this.hass,this.command.command,this.device.type)}
@submit=${this.#i}
@keydown=${this.#d}
>
${C.map(r=>o3(this.hass,M,r,this._values[r.key]??null,t=>{this._values={...this._values,[r.key]:t(this._values[r.key]??null)}}))}
<fieldset class="wide">
<legend>${M("when")}</legend>
<div class="options">${H.map(r=>this.#L(r))}</div>
</fieldset>
${this._when==="now"?o:this.#M("start",this._start,e.start,r=>{this._start=r})}
${this._when==="window"?this.#M("end",this._end,e.end,r=>{this._end=r}):o}
${this._when==="window"&&L.length?a`<div class="wide">
<label for="then">${M("afterwards")}</label>
<select
id="then"
class="field"
@change=${r=>{this._then=r.target.value}}
>
${L.map(r=>a`<option value=${r} ?selected=${r===this._then}>${S5(this.hass,r)}</option>`)}
</select>
</div>`:o}
${this._failure?a`<p class="error wide" role="alert">${this._failure.text}</p>`:o}
<div class="end wide">
<p class="expected quiet small" aria-live="polite">${this._expected}</p>
<button type="button" class="button plain" @click=${this.#o}>${M("close")}</button>
<button class="button main" aria-disabled=${this._busy?"true":"false"}>
${l(this._busy?"waiting":"sent")}${M(this._busy?"sending":"send")}
</button>
</div>
</form>
`}#L(C){return a`<label
><input
type="radio"
name="when"
value=${C}
.checked=${C===this._when}
@change=${()=>{this._when=C}}
/>${this.text(`when_${C}`)}</label
>`}#M(C,H,L,M){return a`<div>
<label for=${C}
>${this.text(C)}
<span class="day" aria-live="polite">${L?`(${x5(this.hass,L)})`:""}</span></label
>
<input
id=${C}
class="field"
type="time"
required
.value=${H}
@change=${e=>{M(e.target.value)}}
/>
</div>`}#e(){let C=new Date,H=Object.fromEntries(Object.entries(this._values).flatMap(([e,r])=>r===null?[]:[[e,r]])),L=this._when==="now"?null:l2(this.hass,this._start,C),M=L?.includes("T")?new Date(L):C;return{command:this.command.command,values:H,when:this._when,start:L,end:this._when==="window"?l2(this.hass,this._end,M):null,then:this._then}}#r(){clearTimeout(this.#C),this._expected="",this.#C=setTimeout(()=>{this.#t(++this.#H)},V7)}async#t(C){let H=await t3(this.hass,this.text,this.device.id,this.#e());C===this.#H&&(this._expected=H)}#i=C=>{C.preventDefault(),this.#a()};async#a(){if(!this._busy){this._busy=!0,this._failure=null;try{await this.#n(this.#e())}finally{this._busy=!1}}}async#n(C){for(let e of[C.command,...C.when==="window"?[C.then]:[]]){let r=a3(this.hass,this.text,e,this.device.type,this.name);if(r&&!await c1(this,r))return}let{action:H,data:L}=N1(C),M=await this.#A(H,L);if(!M.ok&&this.canReplace){let e=A3(this.text,M.failure,this.planned,this.name);e&&await c1(this,e)&&(M=await this.#A(H,{...L,on_conflict:"cancel_and_replace"}))}M.ok?this.#o():this._failure=M.failure}#A(C,H){return F(this.hass,this.text,C,H,{device_id:this.device.id},!0)}#d=C=>{C.key==="Escape"&&(C.stopPropagation(),this.#o())};#o=()=>{l1(this,"amps-close",null)}};s("amps-command-form",x2);var e1="amps-device-card";function s2(V){if(typeof V!="object"||V===null)throw new Error("The configuration is not an object.");let C=V;for(let[H,L]of Object.entries({device:"string",name:"string",controls:"boolean",ribbon:"boolean"})){let M=C[H];if(M!=null&&typeof M!==L)throw new Error(`"${H}" has to be a ${L}.`)}return V}function d3(){return{schema:[{name:"device",required:!0,selector:{device:{integration:b}}},{name:"name",selector:{text:{}}},{name:"controls",default:!0,selector:{boolean:{}}},{name:"ribbon",default:!0,selector:{boolean:{}}}],computeLabel:V=>O(document.documentElement.lang)(`editor_${V.name}`),assertConfig:s2}}function p3(V){let C=[...f(V).values()].filter(L=>L.type!==null),H=C.find(({type:L})=>L==="battery")??C[0];return H?{device:H.id}:{}}function m3(V,C){let H=V.entities[C],L=H?.platform===b&&H.device_id?f(V).get(H.device_id):void 0;return L?.type?{config:{type:`custom:${e1}`,device:L.id}}:null}var l3=Z`
:host {
display: block;
height: 100%;
container-type: inline-size;
}
ha-card {
height: 100%;
overflow: hidden;
}
/* Off the screen it is neither laid out nor painted. The card around it may have a shadow, which would be cut off. */
.content {
box-sizing: border-box;
min-height: 100%;
display: flex;
flex-direction: column;
gap: var(--amps-gap);
padding: var(--amps-gap);
content-visibility: auto;
contain-intrinsic-block-size: auto 240px;
}
.in {
--accent: var(--amps-in);
}
.out {
--accent: var(--amps-out);
}
.solar {
--accent: var(--amps-solar);
}
.heat {
--accent: var(--state-climate-heat-color, #ff8100);
}
.cool {
--accent: var(--state-climate-cool-color, #2b9af9);
}
.none {
--accent: var(--amps-quiet);
}
/* What it does. */
.header {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 4px var(--amps-gap);
width: 100%;
border-radius: var(--ha-border-radius-md, 8px);
}
.sign {
display: grid;
place-items: center;
width: 40px;
height: 40px;
border-radius: 50%;
background: color-mix(in srgb, var(--accent) 20%, transparent);
color: var(--accent);
}
.sign svg.icon {
width: 24px;
height: 24px;
}
.names {
min-width: 0;
}
h2 {
margin: 0;
font-size: var(--ha-font-size-l, 16px);
font-weight: 500;
line-height: 1.3;
overflow-wrap: anywhere;
}
.sentence {
margin: 0;
color: var(--amps-quiet);
}
.main {
align-self: center;
border-radius: var(--ha-border-radius-md, 8px);
font-size: var(--ha-font-size-3xl, 28px);
font-variant-numeric: tabular-nums;
line-height: 1.1;
white-space: nowrap;
}
.main .unit {
margin-inline-start: -2px;
font-size: var(--ha-font-size-l, 16px);
color: var(--amps-quiet);
}
/* The level, with what is to be reached and kept. */
.level {
position: relative;
height: 12px;
margin-block: 2px;
}
.level .track {
position: absolute;
inset: 2px 0;
overflow: hidden;
border-radius: 4px;
background: var(--amps-inset);
}
.level .fill {
height: 100%;
background: var(--level-color);
}
.level .mark {
position: absolute;
inset-block: 0;
width: 3px;
margin-inline-start: -2px;
border-radius: 2px;
background: var(--amps-text);
outline: 1px solid var(--amps-card);
}
.level .mark.floor {
width: 1px;
margin-inline-start: 0;
outline: 0;
}
/* Rows of words. */
.notice {
display: grid;
grid-template-columns: auto 1fr;
gap: 2px 10px;
padding: 10px;
border-radius: var(--ha-border-radius-md, 8px);
background: var(--amps-warning-fill);
}
.notice.danger {
background: var(--amps-danger-fill);
}
.notice svg.icon {
color: var(--amps-warning);
}
.notice.danger svg.icon {
color: var(--amps-danger);
}
.notice strong {
font-weight: 500;
}
.notice p {
grid-column: 2;
margin: 0;
}
dl {
display: grid;
grid-template-columns: auto 1fr;
gap: 6px var(--amps-gap);
margin: 0;
}
dt {
color: var(--amps-quiet);
}
dd {
margin: 0;
min-width: 0;
text-align: end;
}
.stage {
display: inline-flex;
align-items: center;
gap: 4px;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.stage svg.icon {
width: 16px;
height: 16px;
}
.stage.good {
color: var(--amps-good);
}
.stage.warning {
color: var(--amps-warning);
}
.stage.danger {
color: var(--amps-danger);
}
.plans {
display: grid;
gap: 4px;
margin: 0;
padding: 0;
list-style: none;
}
.plans li {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 0 10px;
min-height: 44px;
padding: 4px 6px 4px 12px;
padding-inline: 12px 6px;
border: 1px solid var(--amps-line);
border-radius: var(--ha-border-radius-md, 8px);
}
.plans li.running {
border-color: var(--amps-text);
}
.plans svg.icon {
color: var(--amps-quiet);
}
/* Controls. */
.choices {
display: flex;
flex-wrap: wrap;
gap: 8px;
margin: 0;
padding: 0;
border: 0;
}
.choices .button[aria-expanded="true"] {
outline: 2px solid var(--amps-text);
outline-offset: -2px;
}
.choices .button .standing {
display: inline-flex;
}
.footer {
display: flex;
align-items: center;
justify-content: space-between;
gap: 8px;
min-height: 20px;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.footer .button {
margin-block: -10px;
margin-inline-end: -10px;
}
.error {
margin: 0;
color: var(--amps-danger);
}
/* What is close to the edge of the card must not have its ring cut off there. */
.footer .button:focus-visible {
outline-offset: -2px;
}
/* Three densities: a tile's width, a section's, and more. */
amps-ribbon {
display: none;
}
@container (min-width: 420px) {
amps-ribbon {
display: block;
}
.content {
gap: var(--ha-space-4, 16px);
padding: var(--ha-space-4, 16px);
}
}
@container (max-width: 259px) {
.header {
grid-template-columns: auto 1fr;
}
.main {
justify-self: end;
font-size: var(--ha-font-size-2xl, 24px);
}
.names {
grid-column: 1 / -1;
grid-row: 2;
}
.notice p,
.last,
.facts,
.plans,
.choices,
amps-command-form {
display: none;
}
.standing dt {
display: none;
}
dl.standing {
grid-template-columns: 1fr;
}
dl.standing dd {
text-align: start;
}
}
@media (prefers-reduced-motion: no-preference) {
.level .fill {
transition: width var(--ha-animation-duration-slow, 350ms);
}
}
`;var L7=12,v3=3e5,M7=15e3,e7=15e3,Z2=class{#C=new K;#V=new Map;#H;#L;#M=0;samples(C){return this.#V.get(C)??[]}watch(C,H,L){this.#H=C;let M=this.#C.add(H,L);return document.addEventListener("visibilitychange",this.#e),this.#V.has(H)?this.#L===void 0&&this.#e():this.#r(0),()=>{M(),!(this.#C.keys.length>0)&&(clearTimeout(this.#L),this.#L=void 0,document.removeEventListener("visibilitychange",this.#e))}}#e=()=>{document.hidden||this.#r(Math.max(this.#M-Date.now(),0))};#r(C){clearTimeout(this.#L),this.#L=setTimeout(()=>{this.#t()},C)}async#t(){if(document.hidden)return;let C=this.#C.keys;if(this.#M=Date.now()+r7(),this.#e(),!!this.#H?.config.components.includes("recorder"))try{let H=await this.#H.callWS({type:"recorder/statistics_during_period",start_time:new Date(Date.now()-L7*36e5).toISOString(),statistic_ids:C,period:"5minute",types:["mean"]});for(let L of C)this.#V.set(L,t7(H[L]??[]));for(let L of this.#V.keys())C.includes(L)||this.#V.delete(L);this.#C.notify(C)}catch{this.#M=Date.now()+e7,this.#C.keys.length>0&&this.#e()}}};function r7(){return v3-(Date.now()-M7)%v3}function t7(V){return V.flatMap(({start:C,end:H,mean:L})=>typeof L=="number"?[{at:(C+H)/2,value:L}]:[])}var u2=q(()=>new Z2);var x3="0 -4 36 108";function h1(V,C){return(C-V)/36e5}function S1(V,C){return Math.min(Math.max(12+h1(C,V),0),36)}function s3(V,C,H){return`${S1(V,H).toFixed(2)} ${(100-Math.min(Math.max(C,0),100)).toFixed(1)}`}function Z3(V,C){let H=[];for(let e of V){let r=H.at(-1),t=r?.at(-1);r&&t&&e.at-t.at<=9e5?r.push(e):H.push([e])}let L=H.map(e=>`M${e.map(({at:r,value:t})=>s3(r,t,C)).join("L")}`),M=H.flatMap((e,r)=>{let[t,i]=[e[0],e.at(-1)];return t&&i?[`${L[r]??""}L${S1(i.at,C).toFixed(2)} 104L${S1(t.at,C).toFixed(2)} 104Z`]:[]});return{line:L.join(""),area:M.join("")}}function u3(V,C){return`M${V.map(({at:H,level:L})=>s3(H,L,C)).join("L")}`}function c3(V,C){return V.filter(({start:H})=>h1(C,H)<24).map(({start:H,end:L,target:M})=>{let[e,r]=[S1(H,C),S1(L??H,C)];return{left:e/36*100,width:(r-e)/36*100,top:M===null?null:(100-M+4)/108*100}})}function S3(V){let C=new Date(V-432e5);C.setMinutes(0,0,0);let H=[];for(let L=C.getTime();L<V+24*36e5;L+=36e5){let M=12+h1(V,L),e=Math.abs(M-12)<3.5||M<1.2||M>36-1.2;new Date(L).getHours()%6===0&&!e&&H.push({at:L,left:M/36*100})}return H}var S2=class extends c{static styles=[y,Z`
:host {
min-height: 90px;
}
figure {
margin: 0;
direction: ltr;
}
.plot {
position: relative;
height: 72px;
border-radius: var(--ha-border-radius-sm, 4px);
background: color-mix(in srgb, var(--amps-inset) 45%, transparent);
overflow: hidden;
}
.plot svg {
position: absolute;
inset: 0;
width: 100%;
height: 100%;
}
.area {
fill: var(--state-sensor-battery-high-color, #4caf50);
opacity: 0.35;
}
.line,
.expected {
fill: none;
stroke: var(--amps-text);
stroke-width: 2;
stroke-linejoin: round;
vector-effect: non-scaling-stroke;
}
.expected {
stroke-dasharray: 4 4;
}
.grid {
stroke: var(--amps-line);
vector-effect: non-scaling-stroke;
}
.now {
stroke: var(--amps-text);
vector-effect: non-scaling-stroke;
}
.band {
position: absolute;
inset-block: 0;
border-inline: 2px solid var(--amps-quiet);
background: repeating-linear-gradient(
-45deg,
color-mix(in srgb, var(--amps-quiet) 35%, transparent) 0 2px,
transparent 2px 7px
);
}
.band.open {
border-inline-end: 0;
}
.aim {
position: absolute;
inset-inline: 0;
border-block-start: 2px solid var(--amps-text);
}
.scale {
position: relative;
height: 18px;
overflow: hidden;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
font-variant-numeric: tabular-nums;
}
.scale span {
position: absolute;
inset-block-start: 2px;
translate: -50%;
white-space: nowrap;
}
.scale .now-label {
color: var(--amps-text);
font-weight: 500;
}
`];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1},planned:{attribute:!1},level:{type:Number},expected:{attribute:!1},now:{attribute:!1},_visible:{state:!0}};#C=new IntersectionObserver(C=>{this._visible=C.some(H=>H.isIntersecting)});#V;constructor(){super(),this.expected=[],this._visible=!1}connectedCallback(){super.connectedCallback(),this.#C.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.#C.disconnect(),this._visible=!1,this.#H()}updated(C){let H=this.device.entities.level;C.has("device")&&C.get("device")?.entities.level!==H&&this.#H(),!this._visible||H===void 0?this.#H():this.#V??=u2(this.hass).watch(this.hass,H,()=>{this.requestUpdate()})}#H(){this.#V?.(),this.#V=void 0}render(){if(!this._visible)return a`<figure>
<div class="plot"></div>
<div class="scale"></div>
</figure>`;let C=this.now.getTime(),H=this.device.entities.level,M=[...(H===void 0?[]:u2(this.hass).samples(H)).filter(({at:e})=>e<C),{at:C,value:this.level}];return a`
<figure role="img" aria-label=${this.#r(M)}>
<div class="plot">
${c3(this.planned,C).map(({left:e,width:r,top:t})=>a`<div class=${r?"band":"band open"} style="left:${e}%;width:${r}%">
${t===null||this.expected.length>1?o:a`<div class="aim" style="top:${t}%"></div>`}
</div>`)}
<svg viewBox=${x3} preserveAspectRatio="none" aria-hidden="true">
${[25,50,75].map(e=>z`<line class="grid" x1="0" x2=${36} y1=${e} y2=${e}></line>`)}
${this.#L(M,C)}
<line class="now" x1=${12} x2=${12} y1="-4" y2="104"></line>
${this.expected.length>1?z`<path class="expected" d=${u3(this.expected,C)}></path>`:o}
</svg>
</div>
<div class="scale" aria-hidden="true">${this.#M(C)}</div>
</figure>
`}#L(C,H){if(C.length<2)return o;let{area:L,line:M}=Z3(C,H);return z`<path class="area" d=${L}></path><path class="line" d=${M}></path>`}#M(C){return[...S3(C).map(({at:L,left:M})=>a`<span style="left:${M}%">${E1(this.hass,new Date(L))}</span>`),a`<span class="now-label" style="left:${12/36*100}%">${this.#e("ribbon_now")}</span>`]}get#e(){return O(this.hass.locale.language)}#r(C){let H=t=>h(this.hass,t,"%",{maximumFractionDigits:0}),[L,M]=[C[0],C.at(-1)],e=[this.#e("ribbon")];L&&M&&h1(L.at,M.at)>0?e.push(this.#e("ribbon_summary",{first:H(L.value),last:H(M.value)})):e.push(this.#e("ribbon_no_history"));let r=this.expected.at(-1);r&&this.expected.length>1&&e.push(this.#e("ribbon_summary_expected",{level:H(r.level),time:S(this.hass,new Date(r.at),this.now)}));for(let{text:t,when:i}of this.planned)e.push(`${t}, ${i}.`);return e.join(" ")}};s("amps-ribbon",S2);function I1(V){return`var(--state-sensor-battery-${V<20?"low":V<40?"medium":"high"}-color, #4caf50)`}function g3({name:V,flow:C,isAvailable:H},L,M){let e=H?C.main:null;return a`
<div class="header">
<span class="sign">${l(C.icon)}</span>
<div class="names">
<h2>${V}</h2>
<p class="sentence">${H?C.sentence:L("unavailable")}</p>
</div>
${e&&C.entityId?a`<button
class="main"
@click=${()=>{M(C.entityId??"")}}
>
<span class="visually-hidden">${V}:</span>
${e.value}${e.unit?a`<span class="unit"> ${e.unit}</span>`:o}
</button>`:o}
</div>
`}function f3({flow:{level:V},isAvailable:C,marks:H}){return V===null||!C?o:a`<div class="level" style="--level-color:${I1(V)}" aria-hidden="true">
<div class="track"><div class="fill" style="width:${V}%"></div></div>
${H.map(({kind:L,value:M,label:e})=>a`<span class="mark ${L}" style="inset-inline-start:${M}%" title=${e}></span>`)}
</div>`}function O3({tone:V,icon:C,title:H,text:L}){return a`<div class="notice ${V}" role="status">
${l(C)}<strong>${H}</strong>${L?a`<p>${L}</p>`:o}
</div>`}function y3({standing:V,last:C,isAvailable:H},L){return!H||!V&&!C?o:a`<dl class="standing">
${V?a`<dt>${L("standing")}</dt>
<dd>
<div>${V.text}</div>
${V.isPending?h2({icon:"waiting",tone:"warning",text:L("waiting_for_device")}):V.stage?h2(V.stage):o}
</dd>`:o}
${C?a`<dt class="last">${L("last")}</dt>
<dd class="last">
<div>${C.text}</div>
${h2(C.stage)}
</dd>`:o}
</dl>`}function h2({icon:V,tone:C,text:H}){return a`<span class="stage ${C}">${l(V)}${H}</span>`}function w3({facts:V}){return V.length===0?o:a`<dl class="facts">
${V.map(({label:C,value:H})=>a`<dt>${C}</dt>
<dd>${H}</dd>`)}
</dl>`}function b3(V,C,H,L){return V.length===0?o:a`<ul class="plans">
${V.map(M=>i7(M,C,H,L))}
</ul>`}function i7(V,C,H,L){return a`<li class=${V.isRunning?"running":""}>
${l(V.isRunning?"clock":"calendar")}
<div>
<div>${V.text}</div>
<div class="quiet small">${V.isRunning?`${C("in_progress")}, `:""}${V.when}</div>
</div>
${V.isCancellable&&L?a`<button
class="button plain"
aria-disabled=${H?"true":"false"}
aria-label=${C("cancel_plan_of",{plan:`${V.text}, ${V.when}`})}
@click=${()=>{L(V)}}
>
${C("cancel_plan")}
</button>`:o}
</li>`}function k3({data:V,isRefreshable:C},H,L,M){return!V&&!C?o:a`<div class="footer">
<span>${V}</span>
${C?a`<button
class="button plain round"
aria-disabled=${L?"true":"false"}
aria-label=${H("refresh")}
title=${H("refresh")}
@click=${M}
>
${l("refresh")}
</button>`:o}
</div>`}function r1(V,C,H,L){let M=H?.effective_action;if(p(V,C,"overridden")?.state==="on"&&M?.command&&!T3(M,L))return{command:M.command,text:W(V,M),action:M};let e=p(V,C,"thermostat"),r=a7(V,C,e);if(r===null)return null;let t=A7(H,r,L),i=e?n7(V,e,r):W(V,{command:r,parameters:t?.parameters??null});return{command:r,text:i,action:t}}var o7={heat:"heat",cool:"cool",heat_cool:"auto",off:"idle"};function a7(V,C,H){if(H)return H.attributes.preset_mode==="schedule"&&m(H)?"follow_schedule":o7[H.state]??null;let L=p(V,C,"mode");if(m(L))return L.state;let M=p(V,C,"charging_enabled");return m(M)?M.state==="on"?"charge":"idle":null}function A7(V,C,H){let L=V?.effective_action;return L?.command===C&&!T3(L,H)?L:null}function T3({end:V},C){return V!==null&&new Date(V)<=C}function n7(V,C,H){let L=r=>typeof C.attributes[r]=="number"?V.formatEntityAttributeValue(C,r):null;if(H==="idle")return V.formatEntityState(C);let M={heat:{target:L("temperature")},cool:{target:L("temperature")},auto:{heat_setpoint:L("target_temp_low"),cool_setpoint:L("target_temp_high")}}[H],e=Object.entries(M??{}).flatMap(([r,t])=>t===null?[]:[[r,t]]);return $1(V,"command",H,e)}function P3(V,C,H,L){let M={hass:V,device:C,translate:H,now:L};return C.type===null?u7(M):d7[C.type](M)}var d7={battery:p7,ev_charger:m7,hvac:s7,solar_inverter:v7,vehicle:l7};function x({hass:V,device:C},H){return p(V,C,H)}function U({hass:V},C,H){return C?V.formatEntityState(C,H):""}function g1(V,C){return{main:m(C)?Z1(V.hass,C):null,entityId:C?.entity_id}}function B3(V,C,H){let L=u(H);return L===null||L===0||!H?C:V.translate("flow_power",{flow:C,power:U(V,H,String(Math.abs(L)))})}function p7(V){let C=x(V,"level"),H=x(V,"status"),L=x(V,"power"),M=H?.state==="charging"?"in":H?.state==="discharging"?"out":"none";return{icon:"home_battery",direction:M,...g1(V,C??L),sentence:m(H)?B3(V,U(V,H),M==="none"?void 0:L):U(V,H),level:u(C),power:u(L)}}function m7(V){let C=x(V,"power"),H=x(V,"status"),L=x(V,"connected"),M=H?.state==="charging"||x(V,"charging")?.state==="on",e=()=>M||!m(L)?U(V,H):V.translate(L.state==="on"?"plugged_in_not_charging":"not_plugged_in");return{icon:"ev_charger",direction:M?"in":"none",...g1(V,C??H),sentence:e(),level:null,power:u(C)}}function l7(V){let C=x(V,"level"),H=x(V,"charging"),L=x(V,"plugged_in"),M=x(V,"full_at"),e=H?.state==="on",r=()=>{if(!e)return x(V,"fully_charged")?.state==="on"&&V.device.entities.fully_charged?V.hass.localize("component.amps.entity.binary_sensor.fully_charged.name"):m(L)?V.translate(L.state==="on"?"plugged_in_not_charging":"unplugged"):m(H)?V.translate("flow_resting"):U(V,H);let t=B3(V,V.hass.localize("component.amps.entity.binary_sensor.charging.name"),x(V,"charge_power"));return m(M)?`${t}, ${V.translate("full_at",{time:S(V.hass,new Date(M.state),V.now)})}`:t};return{icon:"vehicle",direction:e?"in":"none",...g1(V,C),sentence:r(),level:u(C),power:u(x(V,"charge_power"))}}function v7(V){let C=x(V,"power"),H=x(V,"status");return{icon:"solar_inverter",direction:(u(C)??0)>0?"solar":"none",...g1(V,C),sentence:U(V,H),level:null,power:u(C)}}var x7={heating:"heat",preheating:"heat",cooling:"cool"};function s7(V){let{hass:C}=V,H=x(V,"thermostat"),L=H?.attributes.current_temperature,M=H?.attributes.hvac_action;return{icon:"hvac",direction:typeof M=="string"&&x7[M]||"none",main:H&&typeof L=="number"?Z7(C.formatEntityAttributeValue(H,"current_temperature")):null,entityId:H?.entity_id,sentence:H&&typeof M=="string"&&m(H)?C.formatEntityAttributeValue(H,"hvac_action"):U(V,H),level:null,power:null}}function Z7(V){let[,C=V,H=""]=/^(.*?)[\s\u00a0]*(°\S*)$/.exec(V)??[];return{value:C,unit:H}}function u7(V){let C=["level","power","status"].map(H=>x(V,H)).find(m);return{icon:"flash",direction:"none",...g1(V,C),sentence:"",level:null,power:null}}function W1({hass:V,device:C,details:H}){let L=p(V,C,"last_action");if(!m(L))return null;let{command:M,reason:e}=L.attributes,r=H?.last_action??null,t=r?.command===M&&r?.state===L.state?r:null;return{command:typeof M=="string"?M:null,parameters:t?.parameters??null,state:L.state,error_code:typeof e=="string"?e:null,at:new Date(t?.updated_at??t?.created_at??L.last_changed)}}var c7=864e5;function U1({state:V,at:C},H){return V==="failed"&&H.getTime()-C.getTime()<c7}function R3(V,C){let{hass:H,device:L,details:M,translate:e,now:r}=V,t=[],i=p(H,L,"reachable")?.state;if(i==="off"){let A=M?.error_code?` ${p2(H,M.error_code)}.`:"";t.push(f1("unreachable","warning","unreachable",e("unreachable"),e("unreachable_text")+A))}else if(!C){let A=i!=="unavailable"&&i!==void 0;t.push(A?f1("unavailable","warning","clock",e("unavailable"),e("unavailable_text")):f1("not_loaded","warning","unreachable",e("not_loaded"),""))}p(H,L,"overridden")?.state==="on"&&t.push(f1("overridden","warning","overridden",e("overridden"),e("overridden_text")));let n=W1(V);if(n&&U1(n,r)){let A=k(H,"logbook_failed",{command:W(H,n)});t.push(f1("failed","danger","alert",A,`${n.error_code?p2(H,n.error_code):e("failed_unknown")} (${H1(H,n.at,r)})`))}return t}function f1(V,C,H,L,M){return{key:V,tone:C,icon:H,title:L,text:M}}var S7={scheduled:{icon:"clock",tone:"normal"},acknowledged:{icon:"sent",tone:"normal"},completed:{icon:"check",tone:"good"},failed:{icon:"alert",tone:"danger"},cancelled:{icon:"cancelled",tone:"normal"}};function F3(V,C){return{...S7[C]??{icon:"clock",tone:"normal"},text:c5(V,C)}}function _3(V,C){let{hass:H,device:L,details:M,translate:e,now:r}=V,t=r1(H,L,M,r);if(t===null)return{standing:null,action:null};let{action:i}=t,n=i?.end?` ${e("until",{time:S(H,new Date(i.end),r)})}`:"";return{standing:{text:t.text+n,stage:i?.state?F3(H,i.state):null,isPending:g7(t.command,i,C,r)},action:i}}var h7=3e5;function g7(V,C,H,L){let M={charge:"in",discharge:"out"}[V],e=C?.acknowledged_at??C?.created_at;if(M===void 0||!e||L.getTime()-Date.parse(e)>h7)return!1;let r=C?.parameters?.target?.value,t=r!==void 0&&H.level!==null&&(V==="charge"?H.level>=r:H.level<=r);return H.direction!==M&&!t}function D3(V,C){let{hass:H,details:L,now:M}=V,e=W1(V);if(!e?.state||U1(e,M))return null;let r=C!==null&&C.id===L?.last_action?.id,t=e.state==="scheduled"&&L!==null;return r||t?null:{text:`${W(H,e)}, ${H1(H,e.at,M)}`,stage:F3(H,e.state)}}function O1(V){let{hass:C,device:H,translate:L,now:M}=V,e=P3(C,H,L,M),r=w7(V,e);return{name:V.name??B(C,H.id),flow:e,isAvailable:r,notices:R3(V,r)}}function G1(V){let{device:C,details:H}=V,L=O1(V),{standing:M,action:e}=_3(V,L.flow);return{...L,marks:k7(V),facts:P7(V),standing:M,last:D3(V,e),planned:(H?.open_actions??[]).flatMap(r=>b7(V,r)).sort((r,t)=>r.start-t.start),expected:f7(V,L.flow),data:B7(V),isRefreshable:C.entities.refresh!==void 0,isControllable:O7.some(r=>C.entities[r]!==void 0)}}function f7({details:V,now:C},{level:H}){let M=(V?.expected_levels??[]).map(({at:e,level:r})=>({at:Date.parse(e),level:r})).filter(({at:e})=>e>C.getTime());return H===null||M.length===0?[]:[{at:C.getTime(),level:H},...M]}var O7=["cancel_scheduled","charge","discharge","mode","charging_enabled"],y7=["status","power","charge_power","charging","connected","plugged_in","producing","temperature","active"];function w7({hass:V,device:C},H){let L=H.entityId===void 0?y7.map(M=>C.entities[M]):[H.entityId];return p(V,C,"reachable")?.state!=="off"&&L.some(M=>M!==void 0&&(V.states[M]?.state??"unavailable")!=="unavailable")}function b7({hass:V,now:C},H){if(!H.start)return[];let L=new Date(H.start),M=H.end?new Date(H.end):null;return(M??L)<=C?[]:[{id:H.id,text:Z5(V,H),when:M?v5(V,L,M,C):S(V,L,C),isRunning:L<=C,isCancellable:H.state==="scheduled"&&L>C,start:L.getTime(),end:M?.getTime()??null,target:E3(H)}]}function E3({parameters:V}){let C=V?.target;return C?.unit==="percent"?C.value:null}function k7({hass:V,device:C,details:H,now:L}){let M=[],e=(r,t)=>{let i=p(V,C,t);if(!m(i)||!Number.isFinite(Number(i.state)))return;let n=V.localize(`component.amps.entity.${i.entity_id.split(".",1)[0]??""}.${t}.name`);M.push({kind:r,value:Number(i.state),label:`${n}: ${V.formatEntityState(i)}`})};if(C.type==="battery"){e("floor","discharge_floor");let r=r1(V,C,H,L)?.action,t=r?E3(r):null;t!==null&&M.push({kind:"target",value:t,label:k(V,"parameter_target",{value:d2(V,t,"percent")})})}return C.type==="vehicle"&&e("limit","charge_limit"),M}var T7={vehicle:["range","charge_limit"],solar_inverter:["energy"],ev_charger:["max_charge_rate","energy"]};function P7({hass:V,device:C}){return(C.type?T7[C.type]??[]:[]).flatMap(H=>{let L=p(V,C,H);if(!m(L))return[];let M=L.entity_id.split(".",1)[0]??"";return[{label:V.localize(`component.amps.entity.${M}.${H}.name`),value:V.formatEntityState(L)}]})}function B7(V){let{hass:C,device:H,details:L,translate:M}=V,e=p(C,H,"data_source"),r=p(C,H,"last_pulled"),t=[];return m(e)?t.push(C.formatEntityState(e)):L?.data_source==="projection"&&t.push(M("simulated")),m(r)&&t.push(R7(V,new Date(r.state))),t.join(" · ")}function R7({hass:V,translate:C,now:H},L){return H.getTime()-L.getTime()<6e4?C("read_just_now"):C("read_at",{age:H1(V,L,H)})}var g2=class extends _{static styles=[y,l3];static properties={preview:{type:Boolean},layout:{},_config:{state:!0},_open:{state:!0},_failure:{state:!0},_busy:{state:!0},_isWhole:{state:!0}};static getConfigForm(){return d3()}static getStubConfig(C){return p3(C)}#C=new X(()=>{this.requestUpdate()},["level"]);#V=[];constructor(){super(),this.preview=!1,this._open=null,this._failure=null,this._busy=!1,this._isWhole=!1}setConfig(C){this._config=s2(C)}getCardSize(){return 5}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.#V.push(j(()=>{this.requestUpdate()}),R1(()=>{this._isWhole=!0})),this.#L()}disconnectedCallback(){super.disconnectedCallback();for(let C of this.#V.splice(0))C();this.#C.stop()}shownDevices(C){let H=this.#M(C);return H?[H]:[]}hassChanged(C,H){C&&this.isConnected&&this.#C.hassChanged(C,H,this.shownDevices(H))}updated(C){super.updated(C),this.#L()}get#H(){return this._isWhole||this.preview}#L(){let{hass:C}=this;C&&this.isConnected&&this.#H&&this.#C.watch(C,this.shownDevices(C))}#M(C){let H=this._config?.device;return H===void 0?void 0:f(C).get(H)}render(){let{hass:C}=this;if(!C||!this._config)return o;let H=this.#M(C);if(!H)return this.#r();let L=R(C).get(H.id),M=new Date,e={hass:C,device:H,details:L,translate:this.text,now:M,name:this._config.name},r=this.#H?G1(e):null,t=r??O1(e);return a`
<ha-card class=${t.isAvailable?t.flow.direction:"none"}>
<div class="content">
${g3(t,this.text,this.#A)} ${r?f3(r):o}
${t.notices.map(O3)} ${r?this.#e(C,H,L,r,M):o}
</div>
</ha-card>
`}#e(C,H,L,M,e){let r=M.isControllable&&this._config?.controls!==!1;return a`
${y3(M,this.text)} ${w3(M)}
${this._config?.ribbon!==!1&&M.flow.level!==null?a`<amps-ribbon
.hass=${C}
.device=${H}
.planned=${M.planned}
.level=${M.flow.level}
.expected=${M.expected}
.now=${e}
></amps-ribbon>`:o}
${b3(M.planned,this.text,this._busy,r?this.#d:null)}
${this.#t(C,H,L,M)} ${k3(M,this.text,this._busy,this.#o)}
`}#r(){let C=this.text(this._config?.device?"device_gone":"no_device");return a`<ha-card class="none"
><div class="content">
<div class="notice">
<strong>${l("home")}</strong>
<p>${C}</p>
</div>
</div></ha-card
>`}#t(C,H,L,M){if(!L||!M.isControllable||!M.isAvailable||this._config?.controls===!1)return this.#a();let e=L3(C,H,L),r=e.find(({command:i})=>i===this._open),t=r1(C,H,L,new Date)?.command;return a`
<div class="choices" role="group" aria-label=${this.text("controls")}>
${e.map(i=>this.#i(C,H.type,i,i.command===t,i===r))}
</div>
${r?a`<amps-command-form
.hass=${C}
.device=${H}
.command=${r}
.planned=${M.planned}
.canReplace=${L.conflict_strategies.includes("cancel_and_replace")}
.text=${this.text}
.name=${M.name}
@amps-close=${this.#n}
></amps-command-form>`:o}
${this.#a()}
`}#i(C,H,{command:L,icon:M},e,r){return a`<button
class="button"
aria-expanded=${r?"true":"false"}
aria-current=${e?"true":o}
data-command=${L}
@click=${()=>{this._open=r?null:L}}
>
${l(e?"check":M)}${T(C,L,H)}
</button>`}#a(){return this._failure?a`<p class="error" role="alert">${this._failure.text}</p>`:o}#n=()=>{let C=this._open;this._open=null,C!==null&&this.updateComplete.then(()=>{this.renderRoot.querySelector(`[data-command="${C}"]`)?.focus()})};#A=C=>{v1(this,C)};#d=C=>{this.#p("amps.cancel_action",{action_id:C.id},{})};#o=()=>{this.#p("amps.refresh",{},{device_id:this._config?.device??""})};async#p(C,H,L){let{hass:M}=this;if(!M||this._busy)return;this._busy=!0,this._failure=null;let e=await F(M,this.text,C,H,L);this._busy=!1,e.ok||(this._failure=e.failure),this._config?.device&&R(M).refresh(M,this._config.device)}};s(e1,g2);D1({type:e1,name:"device_card_name",description:"device_card_description",preview:!0,documentationURL:J,getEntitySuggestion:m3});var $3=["solar_inverter","battery","ev_charger","vehicle","hvac",null],N3=new Intl.Collator(void 0,{numeric:!0}),I3=new WeakMap;function D(V){let C=I3.get(V.devices);if(C?.of===V.entities)return C.accounts;let H=F7(V);return I3.set(V.devices,{of:V.entities,accounts:H}),H}function Q1(V,C){let H=D(V);return C?H.find(L=>L.id===C):H.length===1?H[0]:void 0}function f2(V,C){return V.devices[C]?.entry_type==="service"}function F7(V){let C=new Map;for(let H of f(V).values()){let L=F1(V,H.id);if(L===null)continue;let M=C.get(L)??{name:null,devices:[]};C.set(L,M),f2(V,H.id)?M.name=B(V,H.id):M.devices.push(H)}return[...C].map(([H,{name:L,devices:M}])=>({id:H,name:L??"Amps",devices:M.sort((e,r)=>$3.indexOf(e.type)-$3.indexOf(r.type)||N3.compare(B(V,e.id),B(V,r.id)))})).sort((H,L)=>N3.compare(H.name,L.name))}var t1="amps-home-card";function O2(V){if(typeof V!="object"||V===null)throw new Error("The configuration is not an object.");let C=V;for(let H of["config_entry","name","grid_power","house_power"]){let L=C[H];if(L!=null&&typeof L!="string")throw new Error(`"${H}" has to be a string.`)}return V}var W3={entity:{filter:{domain:"sensor",device_class:"power"}}};function U3(){let V=C=>x1(document.documentElement.lang)[C];return{schema:[{name:"config_entry",selector:{config_entry:{integration:b}}},{name:"name",selector:{text:{}}},{name:"grid_power",selector:W3},{name:"house_power",selector:W3}],computeLabel:({name:C})=>V(`editor_${C}`),computeHelper:({name:C})=>V(`editor_${C}_helper`),assertConfig:O2}}function G3(V){let C=D(V)[0];return C?{config_entry:C.id}:{}}function Q3(V,C){let H=V.entities[C];if(H?.platform!==b||!H.device_id||!f2(V,H.device_id))return null;let L=F1(V,H.device_id);return L===null?null:{config:{type:`custom:${t1}`,config_entry:L}}}var z3=Z`
:host {
display: block;
height: 100%;
container-type: inline-size;
--sign: 40px;
/* From the card's edge to the rail, and from there to the rows. */
--rail: 18px;
--wire: 24px;
--line: color-mix(in srgb, var(--amps-text) 25%, var(--amps-card));
}
ha-card {
height: 100%;
padding: var(--amps-gap);
overflow: hidden;
}
.in {
--accent: var(--amps-in);
}
.out {
--accent: var(--amps-out);
}
.solar {
--accent: var(--amps-solar);
}
.grid {
--accent: var(--energy-grid-consumption-color, #488fc2);
}
.return {
--accent: var(--energy-grid-return-color, #8353d1);
}
.heat {
--accent: var(--state-climate-heat-color, #ff8100);
}
.cool {
--accent: var(--state-climate-cool-color, #2b9af9);
}
.none {
--accent: var(--amps-quiet);
}
/* The house. */
.header {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 0 10px;
padding-block-end: 8px;
}
.house {
display: grid;
align-self: end;
place-items: center;
width: calc(2 * var(--rail));
height: calc(2 * var(--rail));
border-radius: 50%;
background: var(--amps-text);
color: var(--amps-card);
}
h2 {
margin: 0;
font-size: var(--ha-font-size-l, 16px);
font-weight: 500;
line-height: 1.3;
}
.header p {
margin: 0;
}
.value {
font-size: var(--ha-font-size-xl, 20px);
font-variant-numeric: tabular-nums;
line-height: 1.1;
white-space: nowrap;
}
.unit {
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.header .value {
padding: 8px;
border-radius: var(--ha-border-radius-md, 8px);
font-size: var(--ha-font-size-2xl, 24px);
}
/* What is connected to it, along a rail. */
ul {
margin: 0;
padding: 0;
list-style: none;
}
li {
position: relative;
padding-inline-start: calc(var(--rail) + var(--wire) - 4px);
}
/* It ends at the last wire; where the sides are below each other, at the last of both. */
.rail {
position: absolute;
inset-inline-start: calc(var(--rail) - 1px);
inset-block: 0 calc(100% - 28px);
width: 2px;
background: var(--line);
}
.wired:has(+ .wired) .rail,
.sources:has(+ .loads .wired) .rail {
inset-block-end: 0;
}
.sides > :first-child li:first-child .rail {
inset-block-start: -8px;
}
.wire {
position: absolute;
inset-inline-start: calc(var(--rail) + 1px);
inset-block-start: 22px;
width: var(--wire);
height: 12px;
--thickness: calc(2px + 4px * var(--share));
}
.wire::before {
content: "";
position: absolute;
inset-inline: 0;
inset-block-start: calc(50% - var(--thickness) / 2);
height: var(--thickness);
background: var(--accent);
}
.wire::after {
content: "";
position: absolute;
inset-block: -1px;
inset-inline-end: 0;
width: 11px;
background: var(--accent);
clip-path: polygon(0 0, 100% 50%, 0 100%);
}
.wire.takes::before {
inset-inline-end: 8px;
}
.wire.gives::before {
inset-inline-start: 8px;
}
.wire.gives::after {
inset-inline: 0 auto;
clip-path: polygon(100% 0, 0 50%, 100% 100%);
}
.wire:dir(rtl)::after {
scale: -1 1;
}
.wire.rests::before {
height: 2px;
background: var(--line);
}
.wire.unknown::before {
height: 0;
border-block-start: 2px dashed var(--line);
background: none;
}
.wire.rests::after,
.wire.unknown::after {
content: none;
}
/* A device. */
.row {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 0 10px;
width: 100%;
min-height: 56px;
padding: 8px;
border-radius: var(--ha-border-radius-lg, 12px);
}
.row:hover {
background: color-mix(in srgb, var(--amps-text) 5%, transparent);
}
.row:focus-visible {
outline-offset: -2px;
}
.sign {
display: grid;
place-items: center;
align-self: start;
width: var(--sign);
height: var(--sign);
border-radius: 50%;
background: color-mix(in srgb, var(--accent) 20%, var(--amps-card));
color: var(--accent);
}
.sign svg.icon {
width: 24px;
height: 24px;
}
.sign.level {
background:
radial-gradient(closest-side, var(--amps-card) calc(100% - 4px), transparent calc(100% - 3.5px)),
conic-gradient(var(--level-color) calc(1% * var(--level)), var(--amps-inset) 0);
}
.row .value {
align-self: start;
line-height: var(--sign);
}
.words {
display: grid;
align-content: center;
min-width: 0;
min-height: var(--sign);
line-height: 1.35;
}
.name {
overflow: hidden;
font-weight: 500;
text-overflow: ellipsis;
white-space: nowrap;
}
/* Names and words may be written the other way than the page. */
h2,
.header p,
.name,
.words .small {
unicode-bidi: plaintext;
text-align: left;
}
:is(h2, .header p, .name, .words .small):dir(rtl) {
text-align: right;
}
.words .small {
text-wrap: pretty;
}
.standing {
color: var(--amps-quiet);
}
.trouble {
display: inline-flex;
align-items: center;
gap: 4px;
color: var(--amps-warning);
font-size: var(--ha-font-size-s, 12px);
}
.trouble.danger {
color: var(--amps-danger);
}
.trouble svg.icon {
width: 16px;
height: 16px;
}
.more {
margin-inline-start: calc(var(--rail) + var(--wire) - 4px);
}
.empty {
display: grid;
grid-template-columns: auto 1fr;
align-items: center;
gap: 10px;
margin: 0;
padding: 4px;
}
/* With room for two columns the rail is between them. */
@container (min-width: 600px) {
ha-card.two {
padding: var(--ha-space-4, 16px);
}
.two .header {
grid-template-columns: 1fr auto 1fr;
}
.two .house {
grid-area: 1 / 2;
--rail: 22px;
}
.two .header .names {
grid-area: 1 / 1;
}
.two .header .value {
grid-area: 1 / 3;
justify-self: start;
margin-inline-start: calc(var(--wire) - 18px);
}
.two .header,
.two .sides {
max-width: 960px;
margin-inline: auto;
}
.two .sides {
display: grid;
grid-template-columns: 1fr 1fr;
}
.two {
--rail: 0px;
--wire: 36px;
}
.two .sources li {
padding-inline: 0 calc(var(--wire) - 4px);
}
.two .sources .rail {
inset-inline: auto -1px;
}
.two .sources .wired:last-child .rail {
inset-block-end: calc(100% - 28px);
}
.two li:first-child .rail {
inset-block-start: -8px;
}
.two .sources .wire {
inset-inline: auto 1px;
scale: -1 1;
}
.two .sources .more {
margin-inline: 0;
}
}
@container (max-width: 259px) {
:host {
--sign: 32px;
}
.wire,
.rail,
.standing {
display: none;
}
li {
padding: 0;
}
.more {
margin: 0;
}
.row {
grid-template-columns: auto 1fr;
padding-inline: 0;
}
.row .value {
grid-column: 2;
font-size: var(--ha-font-size-m, 14px);
line-height: 1.3;
}
.words {
align-self: end;
min-height: 0;
}
.sign {
grid-row: 1 / 3;
}
.words .sentence,
.header .quiet {
display: none;
}
}
`;var _7=8,K3=["solar_inverter","battery"];function y1({devices:V},C){if(C)return V;let H=new Map;return V.filter(({type:L})=>{let M=(H.get(L)??0)+1;return H.set(L,M),M<=_7})}function q3(V){let{hass:C,config:H,account:L,isExpanded:M}=V,e=new Set(y1(L,M)),r=[...U7(V),...[...e].map(A=>D7(V,A))],t=L.devices.filter(A=>!e.has(A)),i=[...r,...t.map(A=>X3(C,A,O1(j3(V,A))))],n=A=>{let d=v=>v.filter(({type:g})=>K3.includes(g)===A).length;return{rows:r.filter(v=>v.isSource===A),surplus:d(L.devices)-d(y1(L,!1))}};return{name:H.name??L.name,house:G7(C,H.house_power),sums:Q7(V,i),largest:Math.max(...r.map(({power:A})=>A??0),0),troubled:i.filter(({troubles:A})=>A.length).length,sources:n(!0),loads:n(!1)}}function j3({hass:V,details:C,translate:H,now:L},M){return{hass:V,device:M,details:C(M.id),translate:H,now:L}}function X3(V,C,{flow:H,isAvailable:L,notices:M}){return{wire:N7(V,C,H,L),power:L&&H.power!==null?Math.abs(H.power):null,troubles:M}}function D7(V,C){let H=G1(j3(V,C)),{flow:L,standing:M,isAvailable:e}=H,r=M?.isPending?`${M.text} (${V.translate("home_pending")})`:M?.text??"";return{...X3(V.hass,C,H),id:C.id,name:H.name,icon:L.icon,direction:e?L.direction:"none",isSource:K3.includes(C.type),level:e?L.level:null,main:e?L.main:null,sentence:e?L.sentence:"",standing:e?r:"",entityId:L.entityId??Object.values(C.entities)[0]}}var E7=.1,$7=["solar_inverter","battery","ev_charger"];function N7(V,C,H,L){if(!$7.includes(C.type))return null;if(!L)return"unknown";let{direction:M,power:e}=H;return M==="solar"||M==="out"?"gives":M==="in"?"takes":C.type==="solar_inverter"&&e!==null||(e===null||Math.abs(e)<E7)&&m(p(V,C,"status"))?"rests":e===null?"unknown":Y3(e)}function Y3(V){return V===0?"rests":V>0?"takes":"gives"}var I7="grid",W7={W:.001,kW:1,MW:1e3};function U7({hass:V,config:C,translate:H}){let L=C.grid_power?V.states[C.grid_power]:void 0,M=u(L);if(!L||M===null)return[];let e=W7[String(L.attributes.unit_of_measurement)];return[{id:I7,name:H("home_grid"),icon:"grid",direction:M>0?"grid":M<0?"return":"none",wire:Y3(-M),isSource:!0,power:e===void 0?null:Math.abs(M)*e,level:null,main:Z1(V,L,String(Math.abs(M))),sentence:H(M>0?"home_from_grid":M<0?"home_to_grid":"home_grid_rests"),standing:"",troubles:[],entityId:L.entity_id}]}function G7(V,C){let H=C?V.states[C]:void 0;return m(H)?{...Z1(V,H),entityId:H.entity_id}:null}function Q7({hass:V,translate:C},H){let L=H.filter(({wire:r})=>r!==null),M=L.filter(({wire:r})=>r==="gives"||r==="takes");if(!L.length||L.some(({wire:r})=>r==="unknown")||M.some(({power:r})=>r===null))return"";if(!M.length)return C("home_rests");let e=r=>{let t=M.filter(({wire:i})=>i===r).reduce((i,n)=>i+(n.power??0),0);return h(V,t,"kW",{maximumFractionDigits:2})};return C("home_sums",{supplied:e("gives"),drawn:e("takes")})}var y2=class extends _{static styles=[y,z3];static properties={_config:{state:!0},_isExpanded:{state:!0}};static getConfigForm(){return U3()}static getStubConfig(C){return G3(C)}#C=new X(()=>{this.requestUpdate()});#V;constructor(){super(),this._isExpanded=!1}setConfig(C){this._config=O2(C)}getCardSize(){let C=this.hass&&this.#L(this.hass);return 2+(C?y1(C,this._isExpanded).length:4)}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.#V=j(()=>{this.requestUpdate()}),this.#H()}disconnectedCallback(){super.disconnectedCallback(),this.#V?.(),this.#C.stop()}updated(){this.#H()}#H(){this.hass&&this.isConnected&&this.#C.watch(this.hass,this.#M(this.hass))}#L(C){return Q1(C,this._config?.config_entry)}shownDevices(C){return this.#L(C)?.devices??[]}#M(C){let H=this.#L(C);if(!H)return[];let L=new Set(y1(H,this._isExpanded));return H.devices.filter(M=>L.has(M)||p(C,M,"last_action")?.state==="failed")}isAffected(C,H){let{grid_power:L,house_power:M}=this._config??{},e=[L,M].filter(r=>r!==void 0);return super.isAffected(C,H)||e.some(r=>C.states[r]!==H.states[r])}hassChanged(C,H){C&&this.isConnected&&this.#C.hassChanged(C,H,this.#M(H))}render(){let{hass:C,_config:H,text:L}=this;if(!C||!H)return o;let M=this.#L(C);if(!M)return this.#e(L(H.config_entry?"no_devices":"no_account"));if(!M.devices.length)return this.#e(L("no_devices"));let e=R(C),r=q3({hass:C,config:H,account:M,isExpanded:this._isExpanded,details:i=>e.get(i),translate:L,now:new Date}),t=r.sources.rows.length>0&&r.loads.rows.length>0;return a`
<ha-card class=${t?"two":""}>
${this.#r(r)}
<div class="sides">
${this.#t("sources","home_sources",r.sources,r.largest)}
${this.#t("loads","home_loads",r.loads,r.largest)}
</div>
</ha-card>
`}#e(C){return a`<ha-card
><p class="empty"><span class="house">${l("home")}</span>${C}</p></ha-card
>`}#r({name:C,house:H,sums:L,troubled:M}){return a`
<div class="header">
<span class="house">${l("home")}</span>
<div class="names">
<h2>${C}</h2>
${L?a`<p class="quiet">${L}</p>`:o}
${M?a`<p class="trouble">${l("warning")}${this.text("home_troubled",{count:M})}</p>`:o}
</div>
${H?a`<button
class="value"
aria-label="${this.text("home_house")}: ${H.value} ${H.unit}"
title=${this.text("home_house")}
@click=${()=>{v1(this,H.entityId)}}
>
${H.value}<span class="unit"> ${H.unit}</span>
</button>`:o}
</div>
`}#t(C,H,{rows:L,surplus:M},e){return L.length?a`
<div class=${C}>
<ul aria-label=${this.text(H)}>
${L.map(r=>this.#i(r,e))}
</ul>
${M?a`<button
class="button plain more"
aria-expanded=${this._isExpanded?"true":"false"}
@click=${()=>{this._isExpanded=!this._isExpanded}}
>
${this._isExpanded?this.text("home_fewer"):this.text("home_more",{count:M})}
</button>`:o}
</div>
`:o}#i(C,H){let{level:L,main:M,entityId:e,wire:r,power:t}=C,i=H>0?(t??0)/H:0;return a`
<li class="${C.direction} ${r?"wired":""}">
${r?a`<span class="rail"></span><span class="wire ${r}" style="--share:${i.toFixed(2)}"></span>`:o}
<button
class="row"
@click=${()=>{e&&v1(this,e)}}
>
<span
class="sign ${L===null?"":"level"}"
style=${L===null?o:`--level:${L};--level-color:${I1(L)}`}
>${l(C.icon)}</span
>
<span class="words">
<span class="name">${C.name}</span>
${C.sentence?a`<span class="small sentence">${C.sentence}</span>`:o}
${C.standing?a`<span class="small standing">${C.standing}</span>`:o}
${C.troubles.map(({icon:n,tone:A,title:d})=>a`<span class="trouble ${A}">${l(n)}${d}</span>`)}
</span>
${M?a`<span class="value"
>${M.value}${M.unit?a`<span class="unit"> ${M.unit}</span>`:o}</span
>`:o}
</button>
</li>
`}};s(t1,y2);D1({type:t1,name:"home_card_name",description:"home_card_description",preview:!0,documentationURL:J,getEntitySuggestion:Q3});var w2="custom:amps",J3=6,b2=[["battery"],["ev_charger","vehicle"],["solar_inverter","hvac",null]];function C0(V,C){let H=D(C).filter(({id:e})=>!V.config_entry||e===V.config_entry),L=(e,r,t)=>({title:e,path:r,strategy:{...V,type:w2,...t}}),[M]=H;return H.length<2||!M?{title:"Amps",views:[L(M?.name??"Amps","home",{})]}:{title:"Amps",views:H.map(({id:e,name:r})=>L(r,e.toLowerCase(),{config_entry:e}))}}function H0(V,C,H){let L=L0(V,C),M=b2.map(e=>r0(L,e)).filter(e=>e.length);return{type:"sections",max_columns:4,sections:[{type:"grid",column_span:2,cards:[{...M0(V,L),grid_options:{columns:"full"}},...t0(L,H)]},...M.map((e,r)=>({type:"grid",...r===0&&M.length>1?{row_span:2}:{},cards:e}))]}}function V0(V,C,H){let L=L0(V,C),M=r0(L,b2.flat());return{type:"grid",cards:[M0(V,L),...M,...t0(L,H)]}}function L0(V,C){return Q1(C,V.config_entry)??(V.config_entry?void 0:D(C)[0])}function M0({config_entry:V,grid_power:C,house_power:H},L){let M=L?.id??V;return{type:`custom:${t1}`,...M?{config_entry:M}:{},...C?{grid_power:C}:{},...H?{house_power:H}:{}}}function e0(V,C){return V?.devices.filter(H=>H.type===C)??[]}function r0(V,C){return C.flatMap(H=>e0(V,H).slice(0,J3).map(({id:L})=>({type:`custom:${e1}`,device:L})))}function t0(V,C){let H=b2.flat().reduce((L,M)=>L+Math.max(e0(V,M).length-J3,0),0);return!V||H===0?[]:[{type:"heading",heading_style:"subtitle",heading:C("strategy_more",{count:H}),tap_action:{action:"navigate",navigation_path:`/config/devices/dashboard?config_entry=${V.id}`}}]}async function i0(V){return await Y(V.locale.language),O(V.locale.language)}var w1=class extends HTMLElement{static registryDependencies=["entities","devices"]},k2=class extends w1{static generate(C,H){return C0(C,H)}static getCreateSuggestions(){return{title:"Amps",icon:"mdi:home-lightning-bolt"}}},T2=class extends w1{static async generate(C,H){return H0(C,H,await i0(H))}},P2=class extends w1{static async generate(C,H){return V0(C,H,await i0(H))}static getStubConfig(C){let H=D(C)[0];return{type:w2,...H?{config_entry:H.id}:{}}}};s("ll-strategy-dashboard-amps",k2);s("ll-strategy-view-amps",T2);s("ll-strategy-section-amps",P2);for(let V of["dashboard","section"])A5({type:"amps",strategyType:V,name:"strategy_name",description:"strategy_description",documentationURL:J});var z7=["confirm_discharge","confirm_discharge_text"],K7=["confirm_export","confirm_export_text"],o0={idle:"pause",auto_balanced:"home",auto_reserve:"reserve",auto_export:"export"},B2=["charge","discharge",...Object.keys(o0)],q7=["charge","discharge","idle","auto_balanced"],j7=["mode","current_mode","level","power","status","charging_enabled","charging","connected"];function R2(V,C){let H=C===void 0?void 0:V.entities[C];if(!(H?.platform!==b||!H.device_id))return f(V).get(H.device_id)}function a0(V,C){let H=R2(V,C);return!H||!j7.some(L=>H.entities[L]===C)?!1:z1(V,H).length>0}function z1(V,C,H=q7){let{charging_enabled:L}=C.entities;return(L===void 0?X7(V,C):Y7(V,C,L)).filter(({command:e})=>H.includes(e))}function X7(V,C){let{charge:H,discharge:L,mode:M}=C.entities,e=p(V,C,"mode")??p(V,C,"current_mode"),r=A=>m(e)&&e.state===A,t=(A,d,v)=>v===void 0?[]:[{command:A,icon:d,isStanding:r(A),action:"button.press",data:{},entityId:v,question:A==="discharge"?z7:null}],i=p(V,C,"mode")?.attributes.options,n=Object.entries(o0).flatMap(([A,d])=>M===void 0||!Array.isArray(i)||!i.includes(A)?[]:[{command:A,icon:d,isStanding:r(A),action:"select.select_option",data:{option:A},entityId:M,question:A==="auto_export"?K7:null}]);return[...t("charge","charge",H),...t("discharge","discharge",L),...n]}function Y7(V,C,H){let L=p(V,C,"charging_enabled")?.state,M=(e,r,t)=>({command:e,icon:r,isStanding:L===t,action:`switch.turn_${t}`,data:{},entityId:H,question:null});return[M("charge","flash","on"),M("idle","stop","off")]}var _2="amps-commands",J7=3e4,F2=class extends _{static styles=[y,Z`
:host {
display: block;
height: var(--feature-height, 42px);
}
.buttons {
display: flex;
gap: 8px;
height: 100%;
}
button {
position: relative;
display: flex;
flex: 1 1 0;
align-items: center;
justify-content: center;
gap: 6px;
min-width: 0;
padding-inline: 6px;
border-radius: var(--feature-border-radius, 12px);
container-type: inline-size;
background: color-mix(in srgb, var(--amps-text) 8%, transparent);
font-size: var(--ha-font-size-s, 12px);
font-weight: 500;
}
button:hover:not(:disabled) {
background: color-mix(in srgb, var(--amps-text) 16%, transparent);
}
button[aria-pressed="true"] {
box-shadow: inset 0 0 0 2px var(--amps-text);
}
button:focus-visible {
outline-offset: 1px;
}
.label {
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
@container (max-width: 107px) {
.label {
display: none;
}
}
`];static properties={context:{attribute:!1},_config:{state:!0},_pending:{state:!0}};static getStubConfig(){return{type:`custom:${_2}`}}static getConfigForm(){let C=document.querySelector("home-assistant")?.hass;return{schema:[{name:"commands",selector:{select:{multiple:!0,options:B2.map(L=>({value:L,label:C?T(C,L,"battery"):L}))}}}],computeLabel:()=>x1(document.documentElement.lang).editor_commands}}#C;constructor(){super(),this._pending=null}setConfig(C){this._config=C}disconnectedCallback(){super.disconnectedCallback(),this.#M()}shownDevices(C){let H=R2(C,this.context?.entity_id);return H?[H]:[]}render(){let{hass:C}=this,[H]=C?this.shownDevices(C):[];return!C||!H?o:a`<div class="buttons" role="group" aria-label=${this.text("controls")}>
${z1(C,H,this._config?.commands).map(L=>this.#V(C,H,L))}
</div>`}#V(C,H,L){let{command:M,isStanding:e}=L,r=this._pending===M&&!e,t=H.entities.charging_enabled&&M==="idle"?this.text("stop_charging"):T(C,M,H.type),i=C.states[L.entityId];return a`<button
aria-pressed=${e?"true":"false"}
aria-busy=${r?"true":"false"}
aria-label=${r?`${t}, ${this.text("sending")}`:t}
title=${t}
?disabled=${!i||i.state==="unavailable"}
aria-disabled=${this._pending===null?"false":"true"}
@click=${()=>this.#H(L,t,H)}
>
${l(r?"waiting":L.icon)}<span class="label">${t}</span>
</button>`}async#H({command:C,action:H,data:L,entityId:M,question:e},r,t){let{hass:i,text:n}=this;if(!i||this._pending!==null)return;if(this._pending=C,e){let[d,v]=e;if(!await c1(this,{title:n(d,{device:B(i,t.id)}),text:n(v),confirmText:r,dismissText:n("keep"),destructive:!0})){this.#M();return}}let A=await F(i,n,H,L,{entity_id:M});A.ok?(this.#C=setTimeout(this.#M,J7),this.#L()):(this.#M(),l1(this,"hass-notification",{message:A.failure.text}))}hassChanged(){this.#C!==void 0&&this.#L()}#L(){let{hass:C}=this,[H]=C?this.shownDevices(C):[];!C||!H||z1(C,H,B2).some(({command:L,isStanding:M})=>M&&L===this._pending)&&this.#M()}#M=()=>{clearTimeout(this.#C),this.#C=void 0,this._pending=null}};s(_2,F2);a5({type:_2,name:"feature_name",configurable:!0,isSupported:(V,{entity_id:C})=>a0(V,C)});Y(document.documentElement.lang);
/*! Bundled license information:

@lit/reactive-element/css-tag.js:
  (**
   * @license
   * Copyright 2019 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

@lit/reactive-element/reactive-element.js:
lit-html/lit-html.js:
lit-element/lit-element.js:
  (**
   * @license
   * Copyright 2017 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/is-server.js:
  (**
   * @license
   * Copyright 2022 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)
*/
