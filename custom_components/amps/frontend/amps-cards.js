var h1=globalThis,g1=h1.ShadowRoot&&(h1.ShadyCSS===void 0||h1.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,W1=Symbol(),B2=new WeakMap,L1=class{constructor(C,H,L){if(this._$cssResult$=!0,L!==W1)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=C,this.t=H}get styleSheet(){let C=this.o,H=this.t;if(g1&&C===void 0){let L=H!==void 0&&H.length===1;L&&(C=B2.get(H)),C===void 0&&((this.o=C=new CSSStyleSheet).replaceSync(this.cssText),L&&B2.set(H,C))}return C}toString(){return this.cssText}},R2=V=>new L1(typeof V=="string"?V:V+"",void 0,W1),Z=(V,...C)=>{let H=V.length===1?V[0]:C.reduce((L,M,e)=>L+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(M)+V[e+1],V[0]);return new L1(H,V,W1)},F2=(V,C)=>{if(g1)V.adoptedStyleSheets=C.map(H=>H instanceof CSSStyleSheet?H:H.styleSheet);else for(let H of C){let L=document.createElement("style"),M=h1.litNonce;M!==void 0&&L.setAttribute("nonce",M),L.textContent=H.cssText,V.appendChild(L)}},U1=g1?V=>V:V=>V instanceof CSSStyleSheet?(C=>{let H="";for(let L of C.cssRules)H+=L.cssText;return R2(H)})(V):V;var{is:G3,defineProperty:Q3,getOwnPropertyDescriptor:z3,getOwnPropertyNames:K3,getOwnPropertySymbols:q3,getPrototypeOf:j3}=Object,f1=globalThis,_2=f1.trustedTypes,X3=_2?_2.emptyScript:"",Y3=f1.reactiveElementPolyfillSupport,M1=(V,C)=>V,G1={toAttribute(V,C){switch(C){case Boolean:V=V?X3:null;break;case Object:case Array:V=V==null?V:JSON.stringify(V)}return V},fromAttribute(V,C){let H=V;switch(C){case Boolean:H=V!==null;break;case Number:H=V===null?null:Number(V);break;case Object:case Array:try{H=JSON.parse(V)}catch{H=null}}return H}},E2=(V,C)=>!G3(V,C),D2={attribute:!0,type:String,converter:G1,reflect:!1,useDefault:!1,hasChanged:E2};Symbol.metadata??=Symbol("metadata"),f1.litPropertyMetadata??=new WeakMap;var b=class extends HTMLElement{static addInitializer(C){this._$Ei(),(this.l??=[]).push(C)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(C,H=D2){if(H.state&&(H.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(C)&&((H=Object.create(H)).wrapped=!0),this.elementProperties.set(C,H),!H.noAccessor){let L=Symbol(),M=this.getPropertyDescriptor(C,L,H);M!==void 0&&Q3(this.prototype,C,M)}}static getPropertyDescriptor(C,H,L){let{get:M,set:e}=z3(this.prototype,C)??{get(){return this[H]},set(r){this[H]=r}};return{get:M,set(r){let t=M?.call(this);e?.call(this,r),this.requestUpdate(C,t,L)},configurable:!0,enumerable:!0}}static getPropertyOptions(C){return this.elementProperties.get(C)??D2}static _$Ei(){if(this.hasOwnProperty(M1("elementProperties")))return;let C=j3(this);C.finalize(),C.l!==void 0&&(this.l=[...C.l]),this.elementProperties=new Map(C.elementProperties)}static finalize(){if(this.hasOwnProperty(M1("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(M1("properties"))){let H=this.properties,L=[...K3(H),...q3(H)];for(let M of L)this.createProperty(M,H[M])}let C=this[Symbol.metadata];if(C!==null){let H=litPropertyMetadata.get(C);if(H!==void 0)for(let[L,M]of H)this.elementProperties.set(L,M)}this._$Eh=new Map;for(let[H,L]of this.elementProperties){let M=this._$Eu(H,L);M!==void 0&&this._$Eh.set(M,H)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(C){let H=[];if(Array.isArray(C)){let L=new Set(C.flat(1/0).reverse());for(let M of L)H.unshift(U1(M))}else C!==void 0&&H.push(U1(C));return H}static _$Eu(C,H){let L=H.attribute;return L===!1?void 0:typeof L=="string"?L:typeof C=="string"?C.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(C=>this.enableUpdating=C),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(C=>C(this))}addController(C){(this._$EO??=new Set).add(C),this.renderRoot!==void 0&&this.isConnected&&C.hostConnected?.()}removeController(C){this._$EO?.delete(C)}_$E_(){let C=new Map,H=this.constructor.elementProperties;for(let L of H.keys())this.hasOwnProperty(L)&&(C.set(L,this[L]),delete this[L]);C.size>0&&(this._$Ep=C)}createRenderRoot(){let C=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return F2(C,this.constructor.elementStyles),C}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(C=>C.hostConnected?.())}enableUpdating(C){}disconnectedCallback(){this._$EO?.forEach(C=>C.hostDisconnected?.())}attributeChangedCallback(C,H,L){this._$AK(C,L)}_$ET(C,H){let L=this.constructor.elementProperties.get(C),M=this.constructor._$Eu(C,L);if(M!==void 0&&L.reflect===!0){let e=(L.converter?.toAttribute!==void 0?L.converter:G1).toAttribute(H,L.type);this._$Em=C,e==null?this.removeAttribute(M):this.setAttribute(M,e),this._$Em=null}}_$AK(C,H){let L=this.constructor,M=L._$Eh.get(C);if(M!==void 0&&this._$Em!==M){let e=L.getPropertyOptions(M),r=typeof e.converter=="function"?{fromAttribute:e.converter}:e.converter?.fromAttribute!==void 0?e.converter:G1;this._$Em=M;let t=r.fromAttribute(H,e.type);this[M]=t??this._$Ej?.get(M)??t,this._$Em=null}}requestUpdate(C,H,L,M=!1,e){if(C!==void 0){let r=this.constructor;if(M===!1&&(e=this[C]),L??=r.getPropertyOptions(C),!((L.hasChanged??E2)(e,H)||L.useDefault&&L.reflect&&e===this._$Ej?.get(C)&&!this.hasAttribute(r._$Eu(C,L))))return;this.C(C,H,L)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(C,H,{useDefault:L,reflect:M,wrapped:e},r){L&&!(this._$Ej??=new Map).has(C)&&(this._$Ej.set(C,r??H??this[C]),e!==!0||r!==void 0)||(this._$AL.has(C)||(this.hasUpdated||L||(H=void 0),this._$AL.set(C,H)),M===!0&&this._$Em!==C&&(this._$Eq??=new Set).add(C))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(H){Promise.reject(H)}let C=this.scheduleUpdate();return C!=null&&await C,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[M,e]of this._$Ep)this[M]=e;this._$Ep=void 0}let L=this.constructor.elementProperties;if(L.size>0)for(let[M,e]of L){let{wrapped:r}=e,t=this[M];r!==!0||this._$AL.has(M)||t===void 0||this.C(M,void 0,e,t)}}let C=!1,H=this._$AL;try{C=this.shouldUpdate(H),C?(this.willUpdate(H),this._$EO?.forEach(L=>L.hostUpdate?.()),this.update(H)):this._$EM()}catch(L){throw C=!1,this._$EM(),L}C&&this._$AE(H)}willUpdate(C){}_$AE(C){this._$EO?.forEach(H=>H.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(C)),this.updated(C)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(C){return!0}update(C){this._$Eq&&=this._$Eq.forEach(H=>this._$ET(H,this[H])),this._$EM()}updated(C){}firstUpdated(C){}};b.elementStyles=[],b.shadowRootOptions={mode:"open"},b[M1("elementProperties")]=new Map,b[M1("finalized")]=new Map,Y3?.({ReactiveElement:b}),(f1.reactiveElementVersions??=[]).push("2.1.2");var Y1=globalThis,$2=V=>V,O1=Y1.trustedTypes,N2=O1?O1.createPolicy("lit-html",{createHTML:V=>V}):void 0,z2="$lit$",T=`lit$${Math.random().toFixed(9).slice(2)}$`,K2="?"+T,J3=`<${K2}>`,$=document,r1=()=>$.createComment(""),t1=V=>V===null||typeof V!="object"&&typeof V!="function",J1=Array.isArray,C0=V=>J1(V)||typeof V?.[Symbol.iterator]=="function",Q1=`[ 	
\f\r]`,e1=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,I2=/-->/g,W2=/>/g,D=RegExp(`>|${Q1}(?:([^\\s"'>=/]+)(${Q1}*=${Q1}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),U2=/'/g,G2=/"/g,q2=/^(?:script|style|textarea|title)$/i,C2=V=>(C,...H)=>({_$litType$:V,strings:C,values:H}),a=C2(1),G=C2(2),_7=C2(3),N=Symbol.for("lit-noChange"),o=Symbol.for("lit-nothing"),Q2=new WeakMap,E=$.createTreeWalker($,129);function j2(V,C){if(!J1(V)||!V.hasOwnProperty("raw"))throw Error("invalid template strings array");return N2!==void 0?N2.createHTML(C):C}var H0=(V,C)=>{let H=V.length-1,L=[],M,e=C===2?"<svg>":C===3?"<math>":"",r=e1;for(let t=0;t<H;t++){let i=V[t],A,n,d=-1,x=0;for(;x<i.length&&(r.lastIndex=x,n=r.exec(i),n!==null);)x=r.lastIndex,r===e1?n[1]==="!--"?r=I2:n[1]!==void 0?r=W2:n[2]!==void 0?(q2.test(n[2])&&(M=RegExp("</"+n[2],"g")),r=D):n[3]!==void 0&&(r=D):r===D?n[0]===">"?(r=M??e1,d=-1):n[1]===void 0?d=-2:(d=r.lastIndex-n[2].length,A=n[1],r=n[3]===void 0?D:n[3]==='"'?G2:U2):r===G2||r===U2?r=D:r===I2||r===W2?r=e1:(r=D,M=void 0);let w=r===D&&V[t+1].startsWith("/>")?" ":"";e+=r===e1?i+J3:d>=0?(L.push(A),i.slice(0,d)+z2+i.slice(d)+T+w):i+T+(d===-2?t:w)}return[j2(V,e+(V[H]||"<?>")+(C===2?"</svg>":C===3?"</math>":"")),L]},i1=class V{constructor({strings:C,_$litType$:H},L){let M;this.parts=[];let e=0,r=0,t=C.length-1,i=this.parts,[A,n]=H0(C,H);if(this.el=V.createElement(A,L),E.currentNode=this.el.content,H===2||H===3){let d=this.el.content.firstChild;d.replaceWith(...d.childNodes)}for(;(M=E.nextNode())!==null&&i.length<t;){if(M.nodeType===1){if(M.hasAttributes())for(let d of M.getAttributeNames())if(d.endsWith(z2)){let x=n[r++],w=M.getAttribute(d).split(T),S1=/([.?@])?(.*)/.exec(x);i.push({type:1,index:e,name:S1[2],strings:w,ctor:S1[1]==="."?K1:S1[1]==="?"?q1:S1[1]==="@"?j1:U}),M.removeAttribute(d)}else d.startsWith(T)&&(i.push({type:6,index:e}),M.removeAttribute(d));if(q2.test(M.tagName)){let d=M.textContent.split(T),x=d.length-1;if(x>0){M.textContent=O1?O1.emptyScript:"";for(let w=0;w<x;w++)M.append(d[w],r1()),E.nextNode(),i.push({type:2,index:++e});M.append(d[x],r1())}}}else if(M.nodeType===8)if(M.data===K2)i.push({type:2,index:e});else{let d=-1;for(;(d=M.data.indexOf(T,d+1))!==-1;)i.push({type:7,index:e}),d+=T.length-1}e++}}static createElement(C,H){let L=$.createElement("template");return L.innerHTML=C,L}};function W(V,C,H=V,L){if(C===N)return C;let M=L!==void 0?H._$Co?.[L]:H._$Cl,e=t1(C)?void 0:C._$litDirective$;return M?.constructor!==e&&(M?._$AO?.(!1),e===void 0?M=void 0:(M=new e(V),M._$AT(V,H,L)),L!==void 0?(H._$Co??=[])[L]=M:H._$Cl=M),M!==void 0&&(C=W(V,M._$AS(V,C.values),M,L)),C}var z1=class{constructor(C,H){this._$AV=[],this._$AN=void 0,this._$AD=C,this._$AM=H}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(C){let{el:{content:H},parts:L}=this._$AD,M=(C?.creationScope??$).importNode(H,!0);E.currentNode=M;let e=E.nextNode(),r=0,t=0,i=L[0];for(;i!==void 0;){if(r===i.index){let A;i.type===2?A=new o1(e,e.nextSibling,this,C):i.type===1?A=new i.ctor(e,i.name,i.strings,this,C):i.type===6&&(A=new X1(e,this,C)),this._$AV.push(A),i=L[++t]}r!==i?.index&&(e=E.nextNode(),r++)}return E.currentNode=$,M}p(C){let H=0;for(let L of this._$AV)L!==void 0&&(L.strings!==void 0?(L._$AI(C,L,H),H+=L.strings.length-2):L._$AI(C[H])),H++}},o1=class V{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(C,H,L,M){this.type=2,this._$AH=o,this._$AN=void 0,this._$AA=C,this._$AB=H,this._$AM=L,this.options=M,this._$Cv=M?.isConnected??!0}get parentNode(){let C=this._$AA.parentNode,H=this._$AM;return H!==void 0&&C?.nodeType===11&&(C=H.parentNode),C}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(C,H=this){C=W(this,C,H),t1(C)?C===o||C==null||C===""?(this._$AH!==o&&this._$AR(),this._$AH=o):C!==this._$AH&&C!==N&&this._(C):C._$litType$!==void 0?this.$(C):C.nodeType!==void 0?this.T(C):C0(C)?this.k(C):this._(C)}O(C){return this._$AA.parentNode.insertBefore(C,this._$AB)}T(C){this._$AH!==C&&(this._$AR(),this._$AH=this.O(C))}_(C){this._$AH!==o&&t1(this._$AH)?this._$AA.nextSibling.data=C:this.T($.createTextNode(C)),this._$AH=C}$(C){let{values:H,_$litType$:L}=C,M=typeof L=="number"?this._$AC(C):(L.el===void 0&&(L.el=i1.createElement(j2(L.h,L.h[0]),this.options)),L);if(this._$AH?._$AD===M)this._$AH.p(H);else{let e=new z1(M,this),r=e.u(this.options);e.p(H),this.T(r),this._$AH=e}}_$AC(C){let H=Q2.get(C.strings);return H===void 0&&Q2.set(C.strings,H=new i1(C)),H}k(C){J1(this._$AH)||(this._$AH=[],this._$AR());let H=this._$AH,L,M=0;for(let e of C)M===H.length?H.push(L=new V(this.O(r1()),this.O(r1()),this,this.options)):L=H[M],L._$AI(e),M++;M<H.length&&(this._$AR(L&&L._$AB.nextSibling,M),H.length=M)}_$AR(C=this._$AA.nextSibling,H){for(this._$AP?.(!1,!0,H);C!==this._$AB;){let L=$2(C).nextSibling;$2(C).remove(),C=L}}setConnected(C){this._$AM===void 0&&(this._$Cv=C,this._$AP?.(C))}},U=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(C,H,L,M,e){this.type=1,this._$AH=o,this._$AN=void 0,this.element=C,this.name=H,this._$AM=M,this.options=e,L.length>2||L[0]!==""||L[1]!==""?(this._$AH=Array(L.length-1).fill(new String),this.strings=L):this._$AH=o}_$AI(C,H=this,L,M){let e=this.strings,r=!1;if(e===void 0)C=W(this,C,H,0),r=!t1(C)||C!==this._$AH&&C!==N,r&&(this._$AH=C);else{let t=C,i,A;for(C=e[0],i=0;i<e.length-1;i++)A=W(this,t[L+i],H,i),A===N&&(A=this._$AH[i]),r||=!t1(A)||A!==this._$AH[i],A===o?C=o:C!==o&&(C+=(A??"")+e[i+1]),this._$AH[i]=A}r&&!M&&this.j(C)}j(C){C===o?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,C??"")}},K1=class extends U{constructor(){super(...arguments),this.type=3}j(C){this.element[this.name]=C===o?void 0:C}},q1=class extends U{constructor(){super(...arguments),this.type=4}j(C){this.element.toggleAttribute(this.name,!!C&&C!==o)}},j1=class extends U{constructor(C,H,L,M,e){super(C,H,L,M,e),this.type=5}_$AI(C,H=this){if((C=W(this,C,H,0)??o)===N)return;let L=this._$AH,M=C===o&&L!==o||C.capture!==L.capture||C.once!==L.once||C.passive!==L.passive,e=C!==o&&(L===o||M);M&&this.element.removeEventListener(this.name,this,L),e&&this.element.addEventListener(this.name,this,C),this._$AH=C}handleEvent(C){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,C):this._$AH.handleEvent(C)}},X1=class{constructor(C,H,L){this.element=C,this.type=6,this._$AN=void 0,this._$AM=H,this.options=L}get _$AU(){return this._$AM._$AU}_$AI(C){W(this,C)}};var V0=Y1.litHtmlPolyfillSupport;V0?.(i1,o1),(Y1.litHtmlVersions??=[]).push("3.3.3");var X2=(V,C,H)=>{let L=H?.renderBefore??C,M=L._$litPart$;if(M===void 0){let e=H?.renderBefore??null;L._$litPart$=M=new o1(C.insertBefore(r1(),e),e,void 0,H??{})}return M._$AI(V),M};var H2=globalThis,c=class extends b{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let C=super.createRenderRoot();return this.renderOptions.renderBefore??=C.firstChild,C}update(C){let H=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(C),this._$Do=X2(H,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return N}};c._$litElement$=!0,c.finalized=!0,H2.litElementHydrateSupport?.({LitElement:c});var L0=H2.litElementPolyfillSupport;L0?.({LitElement:c});(H2.litElementVersions??=[]).push("4.2.2");var k="amps",Y2={hvac:["thermostat","hold","temperature","active"],vehicle:["plugged_in","fully_charged","range","charge_limit","full_at","time_to_full"],ev_charger:["connected","charging_enabled","power_rate_limit"],solar_inverter:["producing"],battery:["mode","discharge_power","energy_charged","energy_discharged","current_mode","charge","discharge","energy_stored","discharge_floor","charge_ceiling","charge_target","discharge_target"]},J2=new WeakMap;function S(V){let C=J2.get(V.entities);return C===void 0&&J2.set(V.entities,C=M0(Object.values(V.entities))),C}function M0(V){let C=new Map;for(let H of V){if(H?.platform!==k||!H.device_id||!H.translation_key)continue;let L=C.get(H.device_id)??{};C.set(H.device_id,L),L[H.translation_key]=H.entity_id}return new Map([...C].map(([H,L])=>[H,{id:H,type:e0(L),entities:L}]))}function e0(V){return Object.keys(Y2).find(H=>Y2[H].some(L=>L in V))??null}function p(V,C,H){let L=C.entities[H];return L===void 0?void 0:V.states[L]}function m(V){return V!==void 0&&V.state!=="unavailable"&&V.state!=="unknown"}function u(V){if(!m(V)||V.state.trim()==="")return null;let C=Number(V.state);return Number.isFinite(C)?C:null}function P(V,C){let H=V.devices[C];return H?.name_by_user??H?.name??C}function y1(V,C){let H=V.devices[C];return H?.config_entry_id??H?.primary_config_entry??null}function z(V){let C=new WeakMap;return({connection:H})=>{let L=C.get(H);return L===void 0&&C.set(H,L=V()),L}}var Q=class{#C=new Map;get keys(){return[...this.#C.keys()]}add(C,H){let L=this.#C.get(C)??new Set;return this.#C.set(C,L.add(H)),()=>{L.delete(H),L.size===0&&this.#C.get(C)===L&&this.#C.delete(C)}}notify(C){for(let H of C)for(let L of this.#C.get(H)??[])L()}};function r0(V,C){return Object.values(S(V).get(C)?.entities??{}).some(L=>(V.states[L]?.state??"unavailable")!=="unavailable")}async function t0(V,C){if(C.length===0)return{devices:{}};try{let{response:H}=await V.callService("amps","get_device",{},{device_id:C},!1,!0);return H??null}catch{return null}}var V2=class{#C=new Q;#H=new Map;#V=null;get(C){return this.#H.get(C)??null}watch(C,H){return this.#C.add(C,H)}refresh(C,H){this.#V===null&&(this.#V=new Set,queueMicrotask(()=>{this.#L(C)})),this.#V.add(H)}async#L(C){let H=[...this.#V??[]];if(this.#V=null,!C.connected)return;let L=new Set(H.filter(e=>r0(C,e))),M=await t0(C,[...L]);for(let e of H){let r=M?.devices[e]?.reading;r?this.#H.set(e,r):(M!==null||!L.has(e))&&this.#H.delete(e)}this.#C.notify(H)}},f=z(()=>new V2);var w1=new Set,b1;function k1(V){return w1.add(V),b1??=setTimeout(C5,H5()),()=>{w1.delete(V),!(w1.size>0)&&(clearTimeout(b1),b1=void 0)}}function C5(){if(b1=setTimeout(C5,H5()),!document.hidden)for(let V of w1)V()}function H5(){return 6e4-Date.now()%6e4+50}async function K(V,C,H,L,M,e=!1){let[r="",t=""]=H.split(".");try{let{response:i}=await V.callService(r,t,L,M,!1,e);return{ok:!0,response:i}}catch(i){return{ok:!1,failure:await i0(V,C,i)}}}var V5=3;async function i0(V,C,H){let L=L2(H)&&"error"in H?H.error:H;if(L===V5||L2(L)&&L.code===V5)return{key:"",text:C("connection_lost")};let{translation_domain:M,translation_key:e,translation_placeholders:r,message:t}=L2(L)?L:{};if(M&&e){let A=(await V.loadBackendTranslation("exceptions",M))(`component.${M}.exceptions.${e}.message`,r);return{key:e,text:A||t||C("failed_unknown")}}return t==="Unauthorized"?{key:"",text:C("not_permitted")}:{key:"",text:t||C("failed_unknown")}}function L2(V){return typeof V=="object"&&V!==null}function a1(V,C,H){V.dispatchEvent(new CustomEvent(C,{detail:H,bubbles:!0,composed:!0}))}function A1(V,C){a1(V,"hass-more-info",{entityId:C})}var L5={device_card_name:"Amps device",device_card_description:"A battery, charger, thermostat, inverter or vehicle: what it does, and what it was told to do.",editor_device:"Device",editor_name:"Name",editor_controls:"Controls",editor_ribbon:"Course of the day",flow_power:"{flow} at {power}",flow_resting:"Resting",not_plugged_in:"No vehicle plugged in",plugged_in_not_charging:"Plugged in, not charging",unplugged:"Unplugged",full_at:"full {time}",told:"Command",until:"until {time}",waiting_for_device:"The device does not show it yet",in_progress:"Now",last:"Last command",read_at:"read {age}",read_just_now:"read just now",simulated:"Simulated",unreachable:"Not reachable",unreachable_text:"The manufacturer does not reach the device, or Amps not the manufacturer. What is known is old, and not shown as its state.",unavailable:"Unavailable",unavailable_text:"The last reading is too old to be shown.",not_loaded:"The account is not loaded",overridden:"Overridden",overridden_text:"The device does something other than its last command asked for. The manufacturer's app, or its own schedule, may have changed it.",controls:"Controls",close:"Close",send:"Send",sending:"Sending…",cancel_plan:"Cancel",cancel_plan_of:"Cancel {plan}",refresh:"Read now",target:"To",power:"Power",power_device:"Automatic",temperature:"Temperature",heat_to:"Heat to",cool_to:"Cool to",when:"When",when_now:"Now",when_at:"At",when_window:"Window",start:"Start",end:"End",afterwards:"Afterwards",lower:"Less: {name}",higher:"More: {name}",expected_level:"{level} by {time}",expected_at_end:"{level} at the end",expected_energy:"about {energy}",confirm_discharge:"Discharge {device}?",confirm_discharge_text:"Energy leaves the battery, and may go to the grid.",confirm_export:"Export from {device}?",confirm_export_text:"The battery feeds energy to the grid.",replace:"Replace what is planned?",replace_planned:"In the way: {plans}.",replace_text:"{reason} Replacing cancels it. It may also delete a schedule that was set in the manufacturer's app.",replace_confirm:"Replace",keep:"Keep",connection_lost:"The connection was lost. Whether the command was sent is not known yet.",failed_unknown:"Home Assistant did not say why it failed.",not_permitted:"You may look at this device, but not control it.",no_device:"Choose a device in the editor of the card.",device_gone:"This device is not in Home Assistant any more, or all of its entities are disabled.",ribbon:"Course of the day.",ribbon_now:"now",ribbon_summary:"Level of the last 12 hours: from {first} to {last}.",ribbon_summary_expected:"Expected: {level} by {time}.",ribbon_no_history:"No history yet.",home_card_name:"Amps home",home_card_description:"All devices of an account: what they do, what flows between them, and what they were told.",editor_config_entry:"Account",editor_grid_power:"Power of the grid",editor_grid_power_helper:"A sensor that is positive while power comes from the grid. Optional.",editor_house_power:"Power of the house",editor_house_power_helper:"A sensor of what the whole house consumes. Optional.",home_grid:"Grid",home_from_grid:"From the grid",home_to_grid:"To the grid",home_grid_rests:"Nothing flows",home_house:"Consumption of the house",home_sums:"{supplied} supplied, {drawn} drawn",home_rests:"No power flows to or from the devices",home_pending:"not yet",home_troubled:"Needs attention: {count}",home_more:"{count} more",home_fewer:"Show fewer",home_sources:"Sources and storage",home_loads:"Vehicles and heating",no_account:"Choose an account in the editor of the card.",no_devices:"This account has no devices in Home Assistant, or all of their entities are disabled.",feature_name:"Amps commands",editor_commands:"Buttons",stop_charging:"Stop charging",strategy_name:"Amps",strategy_description:"All devices of Amps: the home, and a card for each device.",strategy_more:"More devices: {count}"};var M5={de:()=>import("./amps-cards.de.42UUX5NJ.js"),es:()=>import("./amps-cards.es.SWLEWZBG.js"),fr:()=>import("./amps-cards.fr.JAZEZI5T.js"),nl:()=>import("./amps-cards.nl.UJ4JJNCB.js")},M2=new Map;function e5(V){let C=V.split("-",1)[0]??"";return C in M5?C:"en"}function n1(V){return M2.get(e5(V))??L5}async function q(V){let C=e5(V),H=M5[C];if(!H||M2.has(C))return!1;try{return M2.set(C,(await H()).default),!0}catch{return!1}}function o0(V,C={}){return V.replace(/\{(\w+)\}/g,(H,L)=>String(C[L]??H))}function O(V){let C=n1(V);return(H,L)=>o0(C[H],L)}var j="https://github.com/amps-ai/home-assistant";function s(V,C){customElements.get(V)||customElements.define(V,C)}function e2(V){let C=L=>({enumerable:!0,get:()=>O(document.documentElement.lang)(L)}),H=Object.entries(V).filter(([L])=>L==="name"||L==="description");return Object.defineProperties({...V},Object.fromEntries(H.map(([L,M])=>[L,C(M)])))}function T1(V){i5(window.customCards??=[],e2(V))}function r5(V){i5(window.customCardFeatures??=[],e2(V))}function t5(V){let C=window.customStrategies??=[];C.some(H=>H.type===V.type&&H.strategyType===V.strategyType)||C.push(e2(V))}function i5(V,C){V.some(H=>H.type===C.type)||V.push(C)}var o5=new Map;function p1(V,C,H,L){let M=`${V} ${C??""} ${JSON.stringify(H)}`,e=o5.get(M);return e===void 0&&o5.set(M,e=L()),e}var a0={comma_decimal:"en-US",decimal_comma:"de",space_comma:"fr",quote_decimal:"de-CH"};function r2(V,C,H={}){let{number_format:L,language:M}=V.locale,e=L==="system"?void 0:a0[L]??M,t={maximumFractionDigits:1,...L==="none"?{useGrouping:!1}:{},...H};return p1("number",L==="none"?"en":e,t,()=>new Intl.NumberFormat(L==="none"?"en":e,t)).format(C)}var A0=/^(cs|de|fi|fr|sk|sv)\b/;function g(V,C,H,L){let M=H!=="%"||A0.test(V.locale.language);return`${r2(V,C,L)}${M?" ":""}${H}`}function m1(V,C,H){let L=V.formatEntityStateToParts?.(C,H)??[{type:"value",value:V.formatEntityState(C,H)}],M=e=>L.filter(r=>r.type==="unit"===e).map(r=>r.value).join("").trim();return{value:M(!1),unit:M(!0)}}function A5(V){return V.locale.time_zone==="server"?V.config.time_zone:void 0}function n0({time_format:V,language:C}){return V==="12"||V==="24"?V==="12":p1("hour",V==="language"?C:void 0,{},()=>new Intl.DateTimeFormat(V==="language"?C:void 0,{hour:"numeric"})).resolvedOptions().hour12===!0}function n5(V,C){let H=A5(V),L={...C,...H===void 0?{}:{timeZone:H}};return p1("date",V.locale.language,L,()=>new Intl.DateTimeFormat(V.locale.language,L))}function P1(V,C){let H=n0(V.locale);return n5(V,{hour:H?"numeric":"2-digit",minute:"2-digit",hourCycle:H?"h12":"h23"}).format(C)}function a5(V,C){let H=A5(V),L={year:"numeric",month:"2-digit",day:"2-digit",...H===void 0?{}:{timeZone:H}},M=p1("day","en-CA",L,()=>new Intl.DateTimeFormat("en-CA",L)).format(C);return Math.round(Date.parse(`${M}T00:00:00Z`)/864e5)}function h(V,C,H){let L=P1(V,C),M=a5(V,C)-a5(V,H);return M===0?L:`${Math.abs(M)===1?d1(V,M,"day"):d0(V,C,Math.abs(M)<7)} ${L}`}function d0(V,C,H){return n5(V,H?{weekday:"short"}:{day:"numeric",month:"short"}).format(C)}function d5(V,C,H,L){let M=H.getTime()-C.getTime()<864e5;return`${h(V,C,L)} – ${M?P1(V,H):h(V,H,L)}`}function d1(V,C,H){let{language:L}=V.locale;return p1("relative",L,{},()=>new Intl.RelativeTimeFormat(L,{numeric:"auto"})).format(C,H)}function B1(V,C,H){let L=Math.floor(Math.max(H.getTime()-C.getTime(),0)/6e4);return L<1?d1(V,0,"second"):L<60?d1(V,-L,"minute"):L<2880?d1(V,-Math.floor(L/60),"hour"):d1(V,-Math.floor(L/1440),"day")}var p0=["common","services","selector","exceptions"],m0=z(()=>({language:""}));function p5(V){let C=m0(V),{language:H}=V.locale;if(C.language!==H){C.language=H;for(let L of p0)V.loadBackendTranslation(L,"amps").catch(()=>{C.language=""})}}var X="component.amps";function Y(V){return V.replaceAll("_"," ").toLowerCase()}function l1(V){return V.charAt(0).toUpperCase()+V.slice(1)}function B(V,C,H){return V.localize(`${X}.common.${C}`,H)}var l0={percent:"%",kw:"kW",watts:"W",kwh:"kWh",amps:"A",celsius:"°C"};function J(V,{command:C,parameters:H}){return R1(V,"command",C,l5(V,H))}function m5(V,{command:C,parameters:H}){return l1(R1(V,"plan",C,l5(V,H)))}function l5(V,C){return Object.entries(C??{}).map(([H,{value:L,unit:M}])=>[H,t2(V,L,M)])}function R1(V,C,H,L){let M=H??"unknown",e=[B(V,`${C}_${M}`)||l1(Y(M))];for(let[r,t]of L){let i={name:Y(r),value:t};e.push(B(V,`parameter_${M}_${r}`,i)||B(V,`parameter_${r}`,i)||`${i.name} ${t}`)}return e.join(" ")}function t2(V,C,H){return H==="celsius"&&V.config.unit_system.temperature==="°F"?g(V,C*1.8+32,"°F",{maximumFractionDigits:0}):g(V,C,l0[H]??H,{maximumFractionDigits:H==="kw"?2:1})}function v5(V,C){return B(V,`state_${C}`)||V.localize(`${X}.entity.sensor.last_action.state.${C}`)||Y(C)}function i2(V,C){return l1(B(V,`reason_${C.toLowerCase()}`)||Y(C))}function R(V,C,H){return H==="hvac"&&C==="idle"?V.localize("component.climate.entity_component._.state.off"):V.localize(`${X}.entity.select.mode.state.${C}`)||V.localize(`${X}.selector.mode.options.${C}`)||V.localize(`${X}.selector.hvac_mode.options.${C}`)||l1(Y(C))}function x5(V,C){return V.localize(`${X}.selector.then.options.${C}`)||l1(Y(C))}var F=class extends c{#C;#H="";get hass(){return this.#C}set hass(C){let H=this.#C;this.#C=C,C&&(C.locale.language!==this.#H&&this.#V(C),(!H||this.isAffected(H,C))&&(this.hassChanged?.(H,C),this.requestUpdate()))}get text(){return O(this.#H)}isAffected(C,H){return C.localize!==H.localize||C.locale!==H.locale||C.connected!==H.connected||C.config!==H.config||C.devices!==H.devices||C.entities!==H.entities?!0:C.states===H.states?!1:this.shownDevices(H).some(L=>Object.values(L.entities).some(M=>C.states[M]!==H.states[M]))}#V(C){this.#H=C.locale.language,p5(C),q(this.#H).then(H=>{H&&this.requestUpdate()})}};var s5="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var Z5="M12,2L1,21H23M12,6L19.53,19H4.47M11,10V14H13V10M11,16V18H13V16";var u5="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M14.94 18.5L17.94 21.5L20.94 18.5H18.94V14.5H16.94V18.5H14.94";var c5="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M20.94 17.5L17.94 14.5L14.94 17.5H16.94V21.5H18.94V17.5H20.94";var S5="M15,13H16.5V15.82L18.94,17.23L18.19,18.53L15,16.69V13M19,8H5V19H9.67C9.24,18.09 9,17.07 9,16A7,7 0 0,1 16,9C17.07,9 18.09,9.24 19,9.67V8M5,21C3.89,21 3,20.1 3,19V5C3,3.89 3.89,3 5,3H6V1H8V3H16V1H18V3H19A2,2 0 0,1 21,5V11.1C22.24,12.36 23,14.09 23,16A7,7 0 0,1 16,23C14.09,23 12.36,22.24 11.1,21H5M16,11.15A4.85,4.85 0 0,0 11.15,16C11.15,18.68 13.32,20.85 16,20.85A4.85,4.85 0 0,0 20.85,16C20.85,13.32 18.68,11.15 16,11.15Z";var h5="M12 2C17.5 2 22 6.5 22 12S17.5 22 12 22 2 17.5 2 12 6.5 2 12 2M12 4C10.1 4 8.4 4.6 7.1 5.7L18.3 16.9C19.3 15.5 20 13.8 20 12C20 7.6 16.4 4 12 4M16.9 18.3L5.7 7.1C4.6 8.4 4 10.1 4 12C4 16.4 7.6 20 12 20C13.9 20 15.6 19.4 16.9 18.3Z";var g5="M18.92 2C18.72 1.42 18.16 1 17.5 1H6.5C5.84 1 5.29 1.42 5.08 2L3 8V16C3 16.55 3.45 17 4 17H5C5.55 17 6 16.55 6 16V15H18V16C18 16.55 18.45 17 19 17H20C20.55 17 21 16.55 21 16V8L18.92 2M6.5 12C5.67 12 5 11.33 5 10.5S5.67 9 6.5 9 8 9.67 8 10.5 7.33 12 6.5 12M17.5 12C16.67 12 16 11.33 16 10.5S16.67 9 17.5 9 19 9.67 19 10.5 18.33 12 17.5 12M5 7L6.5 2.5H17.5L19 7H5M7 20H11V18L17 21H13V23L7 20Z";var f5="M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z";var O5="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var y5="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var w5="M19.77,7.23L19.78,7.22L16.06,3.5L15,4.56L17.11,6.67C16.17,7.03 15.5,7.93 15.5,9A2.5,2.5 0 0,0 18,11.5C18.36,11.5 18.69,11.42 19,11.29V18.5A1,1 0 0,1 18,19.5A1,1 0 0,1 17,18.5V14A2,2 0 0,0 15,12H14V5A2,2 0 0,0 12,3H6A2,2 0 0,0 4,5V21H14V13.5H15.5V18.5A2.5,2.5 0 0,0 18,21A2.5,2.5 0 0,0 20.5,18.5V9C20.5,8.31 20.22,7.68 19.77,7.23M18,10A1,1 0 0,1 17,9A1,1 0 0,1 18,8A1,1 0 0,1 19,9A1,1 0 0,1 18,10M8,18V13.5H6L10,6V11H12L8,18Z";var b5="M17.66 11.2C17.43 10.9 17.15 10.64 16.89 10.38C16.22 9.78 15.46 9.35 14.82 8.72C13.33 7.26 13 4.85 13.95 3C13 3.23 12.17 3.75 11.46 4.32C8.87 6.4 7.85 10.07 9.07 13.22C9.11 13.32 9.15 13.42 9.15 13.55C9.15 13.77 9 13.97 8.8 14.05C8.57 14.15 8.33 14.09 8.14 13.93C8.08 13.88 8.04 13.83 8 13.76C6.87 12.33 6.69 10.28 7.45 8.64C5.78 10 4.87 12.3 5 14.47C5.06 14.97 5.12 15.47 5.29 15.97C5.43 16.57 5.7 17.17 6 17.7C7.08 19.43 8.95 20.67 10.96 20.92C13.1 21.19 15.39 20.8 17.03 19.32C18.86 17.66 19.5 15 18.56 12.72L18.43 12.46C18.22 12 17.66 11.2 17.66 11.2M14.5 17.5C14.22 17.74 13.76 18 13.4 18.1C12.28 18.5 11.16 17.94 10.5 17.28C11.69 17 12.4 16.12 12.61 15.23C12.78 14.43 12.46 13.77 12.33 13C12.21 12.26 12.23 11.63 12.5 10.94C12.69 11.32 12.89 11.7 13.13 12C13.9 13 15.11 13.44 15.37 14.8C15.41 14.94 15.43 15.08 15.43 15.23C15.46 16.05 15.1 16.95 14.5 17.5H14.5Z";var k5="M7,2V13H10V22L17,10H13L17,2H7Z";var T5="M21 7C21 5.62 19.88 4.5 18.5 4.5C18.33 4.5 18.16 4.5 18 4.55V4C18 2.62 16.88 1.5 15.5 1.5C15.27 1.5 15.04 1.53 14.83 1.59C14.46 .66 13.56 0 12.5 0C11.27 0 10.25 .89 10.04 2.06C9.87 2 9.69 2 9.5 2C8.12 2 7 3.12 7 4.5V10.39C6.66 10.08 6.24 9.85 5.78 9.73L5 9.5C4.18 9.29 3.31 9.61 2.82 10.35C2.44 10.92 2.42 11.66 2.67 12.3L5.23 18.73C6.5 21.91 9.57 24 13 24C17.42 24 21 20.42 21 16V7M19 16C19 19.31 16.31 22 13 22C10.39 22 8.05 20.41 7.09 18L4.5 11.45L5 11.59C5.5 11.71 5.85 12.05 6 12.5L7 15H9V4.5C9 4.22 9.22 4 9.5 4S10 4.22 10 4.5V12H12V2.5C12 2.22 12.22 2 12.5 2S13 2.22 13 2.5V12H15V4C15 3.72 15.22 3.5 15.5 3.5S16 3.72 16 4V12H18V7C18 6.72 18.22 6.5 18.5 6.5S19 6.72 19 7V16Z";var P5="M12 20L5 20V12H2L12 3L14.78 5.5H14V7.17C12.84 7.58 12 8.7 12 10V20M15 9H16V7.5H20V9H21C21.55 9 22 9.45 22 10V21C22 21.55 21.55 22 21 22H15C14.45 22 14 21.55 14 21V10C14 9.45 14.45 9 15 9M16 11V14H20V11H16Z";var B5="M12 3L2 12H5V20H19V12H22L12 3M11.5 18V14H9L12.5 7V11H15L11.5 18Z";var R5="M2,5.27L3.28,4L20,20.72L18.73,22L13.9,17.17L11.29,19.78C9.34,21.73 6.17,21.73 4.22,19.78C2.27,17.83 2.27,14.66 4.22,12.71L5.71,11.22C5.7,12.04 5.83,12.86 6.11,13.65L5.64,14.12C4.46,15.29 4.46,17.19 5.64,18.36C6.81,19.54 8.71,19.54 9.88,18.36L12.5,15.76L10.88,14.15C10.87,14.39 10.77,14.64 10.59,14.83C10.2,15.22 9.56,15.22 9.17,14.83C8.12,13.77 7.63,12.37 7.72,11L2,5.27M12.71,4.22C14.66,2.27 17.83,2.27 19.78,4.22C21.73,6.17 21.73,9.34 19.78,11.29L18.29,12.78C18.3,11.96 18.17,11.14 17.89,10.36L18.36,9.88C19.54,8.71 19.54,6.81 18.36,5.64C17.19,4.46 15.29,4.46 14.12,5.64L10.79,8.97L9.38,7.55L12.71,4.22M13.41,9.17C13.8,8.78 14.44,8.78 14.83,9.17C16.2,10.54 16.61,12.5 16.06,14.23L14.28,12.46C14.23,11.78 13.94,11.11 13.41,10.59C13,10.2 13,9.56 13.41,9.17Z";var F5="M19,13H5V11H19V13Z";var _5="M14,19H18V5H14M6,19H10V5H6V19Z";var D5="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var E5="M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z";var $5="M4 6.03L11.5 9.25L4 8.25L4 6.03M11.5 14.75L4 17.97V15.75L11.5 14.75M2 3L2 10L17 12L2 14L2 21L23 12L2 3Z";var N5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M11,14H13V17H16V12H18L12,7L6,12H8V17H11V14";var I5="M20.79,13.95L18.46,14.57L16.46,13.44V10.56L18.46,9.43L20.79,10.05L21.31,8.12L19.54,7.65L20,5.88L18.07,5.36L17.45,7.69L15.45,8.82L13,7.38V5.12L14.71,3.41L13.29,2L12,3.29L10.71,2L9.29,3.41L11,5.12V7.38L8.5,8.82L6.5,7.69L5.92,5.36L4,5.88L4.47,7.65L2.7,8.12L3.22,10.05L5.55,9.43L7.55,10.56V13.45L5.55,14.58L3.22,13.96L2.7,15.89L4.47,16.36L4,18.12L5.93,18.64L6.55,16.31L8.55,15.18L11,16.62V18.88L9.29,20.59L10.71,22L12,20.71L13.29,22L14.7,20.59L13,18.88V16.62L15.5,15.17L17.5,16.3L18.12,18.63L20,18.12L19.53,16.35L21.3,15.88L20.79,13.95M9.5,10.56L12,9.11L14.5,10.56V13.44L12,14.89L9.5,13.44V10.56Z";var W5="M3.33 16H11V13H4L3.33 16M13 16H20.67L20 13H13V16M21.11 18H13V22H22L21.11 18M2 22H11V18H2.89L2 22M11 8H13V11H11V8M15.76 7.21L17.18 5.79L19.3 7.91L17.89 9.33L15.76 7.21M4.71 7.91L6.83 5.79L8.24 7.21L6.12 9.33L4.71 7.91M3 2H6V4H3V2M18 2H21V4H18V2M12 7C14.76 7 17 4.76 17 2H7C7 4.76 9.24 7 12 7Z";var U5="M18,18H6V6H18V18Z";var G5="M16.95,16.95L14.83,14.83C15.55,14.1 16,13.1 16,12C16,11.26 15.79,10.57 15.43,10L17.6,7.81C18.5,9 19,10.43 19,12C19,13.93 18.22,15.68 16.95,16.95M12,5C13.57,5 15,5.5 16.19,6.4L14,8.56C13.43,8.21 12.74,8 12,8A4,4 0 0,0 8,12C8,13.1 8.45,14.1 9.17,14.83L7.05,16.95C5.78,15.68 5,13.93 5,12A7,7 0 0,1 12,5M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12C22,6.47 17.5,2 12,2Z";var Q5="M6,2H18V8H18V8L14,12L18,16V16H18V22H6V16H6V16L10,12L6,8V8H6V2M16,16.5L12,12.5L8,16.5V20H16V16.5M12,11.5L16,7.5V4H8V7.5L12,11.5M10,6H14V6.75L12,8.75L10,6.75V6Z";var z5="M8.28,5.45L6.5,4.55L7.76,2H16.23L17.5,4.55L15.72,5.44L15,4H9L8.28,5.45M18.62,8H14.09L13.3,5H10.7L9.91,8H5.38L4.1,10.55L5.89,11.44L6.62,10H17.38L18.1,11.45L19.89,10.56L18.62,8M17.77,22H15.7L15.46,21.1L12,15.9L8.53,21.1L8.3,22H6.23L9.12,11H11.19L10.83,12.35L12,14.1L13.16,12.35L12.81,11H14.88L17.77,22M11.4,15L10.5,13.65L9.32,18.13L11.4,15M14.68,18.12L13.5,13.64L12.6,15L14.68,18.12Z",K5="M5.18 5.45L3.4 4.55L4.66 2H13.13L14.4 4.55L12.62 5.44L11.9 4H5.9L5.18 5.45M15.5 8H11L10.2 5H7.6L6.81 8H2.28L1 10.55L2.79 11.44L3.5 10H14.28L15 11.45L16.79 10.56L15.5 8M14.67 22H12.6L12.36 21.1L8.9 15.9L5.43 21.1L5.2 22H3.13L6 11H8.09L7.73 12.35L8.9 14.1L10.06 12.35L9.71 11H11.78L14.67 22M8.3 15L7.4 13.65L6.22 18.13L8.3 15M11.58 18.12L10.4 13.64L9.5 15L11.58 18.12M23 16L19 12V15H15V17H19V20L23 16Z";var v0={alert:s5,charge:c5,calendar:S5,cancelled:h5,check:f5,clock:O5,close:y5,discharge:u5,export:K5,fire:b5,flash:k5,grid:z5,home:B5,minus:F5,overridden:T5,pause:_5,plus:D5,refresh:E5,reserve:N5,sent:$5,snowflake:I5,stop:U5,unreachable:R5,waiting:Q5,warning:Z5,ev_charger:w5,home_battery:P5,hvac:G5,solar_inverter:W5,vehicle:g5};function l(V){return G`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${v0[V]}></path></svg>`}function F1(V){return`var(--state-sensor-battery-${V<20?"low":V<40?"medium":"high"}-color, #4caf50)`}var y=Z`
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
`;function q5(V){if(!("requestIdleCallback"in window)){let H=setTimeout(V);return()=>{clearTimeout(H)}}let C=requestIdleCallback(V,{timeout:100});return()=>{cancelIdleCallback(C)}}var j5={charge:"charge",discharge:"discharge",heat:"fire",cool:"snowflake",auto:"hvac",idle:"pause",auto_balanced:"home",auto_reserve:"reserve",auto_export:"export",follow_schedule:"calendar"},x0=["auto_balanced","auto_reserve","auto_export","follow_schedule"],Y5=["charge","discharge","heat","cool","auto"],s0=[["immediate","now"],["scheduled","at"],["windowed","window"]];function J5(V,C,H){let L=x0.filter(M=>H.commands[M]);return Object.keys(j5).flatMap(M=>{let e=H.commands[M],r=e?s0.filter(([t])=>e.execution.includes(t)).map(([,t])=>t):[];return!e||r.length===0?[]:[{command:M,icon:j5[M]??"flash",fields:u0(V,C,M,e),whens:r,thens:r.includes("window")&&Y5.includes(M)?["previous","hold",...L]:[]}]})}var X5={percent:{unit:"%",min:0,max:100,step:1,bigStep:5},kw:{unit:"kW",min:0,max:50,step:.1,bigStep:.5},celsius:{unit:"°C",min:10,max:35,step:.5,bigStep:.5}},Z0={unit:"°F",step:1,bigStep:1};function u0(V,C,H,L){return["target","heat_setpoint","cool_setpoint","power"].flatMap(e=>{let r=L.parameters[e],t=r&&c0(V,C,H,e,r);return t?[t]:[]})}function c0(V,C,H,L,M){let e=X5[M.unit??""]??(L==="power"&&M.unit==="watts"?X5.kw:void 0);if(!e)return null;let r=M.unit==="watts"?.001:1,t={...e,min:(M.min??e.min/r)*r,max:(M.max??e.max/r)*r};e.unit==="°C"&&V.config.unit_system.temperature==="°F"&&(t={...Z0,min:Math.ceil(o2(t.min)),max:Math.floor(o2(t.max))});let i=L==="power",A=g0(V,C,H,L);return{name:L,key:S0(H,L),...t,value:A===null?i?null:h0(H,L,t):C1(A,t.min,t.max),isOptional:i}}function S0(V,C){return C!=="target"?C:V==="charge"||V==="discharge"?"target_level":"temperature"}function o2(V){return V*1.8+32}function C1(V,C,H){return Math.min(Math.max(V,C),H)}function h0(V,C,{min:H,max:L,unit:M}){if(M==="%")return V==="discharge"?H:L;let e=V==="cool"||C==="cool_setpoint"?25:20;return C1(M==="°F"?o2(e):e,H,L)}function g0(V,C,H,L){if(H==="charge"||H==="discharge"){let i=L==="power"?`${H}_power_limit`:`${H}_target`;return u(p(V,C,i))}let M=p(V,C,"thermostat")?.attributes,e=M?.target_temp_low,r=M?.target_temp_high,t=L==="heat_setpoint"?e:L==="cool_setpoint"?r:M?.temperature??(H==="heat"?e:r);return typeof t=="number"?t:null}function a2(V){let{command:C,when:H}=V,L={...H!=="now"&&V.start?{start:V.start}:{},...H==="window"&&V.end?{end:V.end}:{}},M=H==="window"&&Y5.includes(C)?{then:V.then}:{},e={...V.values,...L,...M};return C==="charge"||C==="discharge"||C==="idle"?{action:`amps.${C}`,data:e}:C==="heat"||C==="cool"||C==="auto"?{action:"amps.set_temperature",data:{mode:C,...e}}:{action:"amps.set_mode",data:{mode:C,...e}}}async function _1(V,C){let H=await window.loadCardHelpers?.();return H?.showConfirmationDialog?await H.showConfirmationDialog(V,C)===!0:window.confirm(`${C.title}

${C.text}`)}function A2(V,C,H){return V.locale.time_zone==="server"||f0()===V.config.time_zone?C:O0(C,H).toISOString()}function f0(){return new Intl.DateTimeFormat().resolvedOptions().timeZone}function O0(V,C){let[H=0,L=0]=V.split(":").map(Number),M=new Date(C);return M.setHours(H,L,0,0),M<=C&&M.setDate(M.getDate()+1),M}var y0=6e5;function n2(V,C,H){return`${new Intl.DateTimeFormat("en-GB",{hour:"2-digit",hourCycle:"h23",...V.locale.time_zone==="server"?{timeZone:V.config.time_zone}:{}}).format(new Date(C.getTime()+y0+(H+1)*36e5))}:00`}var C3=Z`
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
`;var w0=["action_in_the_way","other_in_the_way"],b0={discharge:["confirm_discharge","confirm_discharge_text"],auto_export:["confirm_export","confirm_export_text"]},k0=400,d2=class extends c{static styles=[y,C3];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1,hasChanged:()=>!1},command:{attribute:!1,hasChanged:(C,H)=>C.command!==H?.command},canReplace:{attribute:!1},planned:{attribute:!1,hasChanged:()=>!1},text:{attribute:!1},name:{},_values:{state:!0},_when:{state:!0},_start:{state:!0},_end:{state:!0},_then:{state:!0},_expected:{state:!0},_failure:{state:!0},_busy:{state:!0}};#C;#H=0;constructor(){super(),this._failure=null,this._busy=!1,this._expected=""}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#C)}willUpdate(C){if(C.has("command")){let{fields:H,whens:L,thens:M}=this.command,e=new Date;this._values=Object.fromEntries(H.map(({key:r,value:t})=>[r,t])),this._when=L[0]??"now",this._start=n2(this.hass,e,0),this._end=n2(this.hass,e,2),this._then=M[0]??"hold",this._failure=null}["command","_values","_when","_start","_end","_then"].some(H=>C.has(H))&&this.#A()}firstUpdated(){this.renderRoot.querySelector("input, button")?.focus()}render(){let{fields:C,whens:H,thens:L}=this.command,M=this.text;return a`
<form
aria-label=${R(this.hass,this.command.command,this.device.type)}
@submit=${this.#o}
@keydown=${this.#s}
>
${C.map(e=>this.#V(e))}
<fieldset class="wide">
<legend>${M("when")}</legend>
<div class="options">${H.map(e=>this.#L(e))}</div>
</fieldset>
${this._when==="now"?o:this.#M("start",this._start,e=>{this._start=e})}
${this._when==="window"?this.#M("end",this._end,e=>{this._end=e}):o}
${this._when==="window"&&L.length?a`<div class="wide">
<label for="then">${M("afterwards")}</label>
<select
id="then"
class="field"
@change=${e=>{this._then=e.target.value}}
>
${L.map(e=>a`<option value=${e} ?selected=${e===this._then}>${x5(this.hass,e)}</option>`)}
</select>
</div>`:o}
${this._failure?a`<p class="error wide" role="alert">${this._failure.text}</p>`:o}
<div class="end wide">
<p class="expected quiet small" aria-live="polite">${this._expected}</p>
<button type="button" class="button plain" @click=${this.#v}>${M("close")}</button>
<button class="button main" aria-disabled=${this._busy?"true":"false"}>
${l(this._busy?"waiting":"sent")}${M(this._busy?"sending":"send")}
</button>
</div>
</form>
`}#V(C){let{key:H,min:L,max:M,unit:e,isOptional:r}=C,t=this._values[H]??null,i=this.text(T0(C));return a`<div>
<label for=${H}
>${i}
<span class="quiet">(${r2(this.hass,L)}–${g(this.hass,M,e)})</span></label
>
<div class="number">
<button
type="button"
class="button plain round"
aria-label=${this.text("lower",{name:i})}
aria-disabled=${t!==null&&t<=L&&!r?"true":"false"}
@click=${()=>{this.#e(C,-1)}}
>
${l("minus")}
</button>
<div class="value">
<input
id=${H}
type="number"
inputmode="decimal"
min=${L}
max=${M}
step="any"
?required=${!r}
placeholder=${r?this.text("power_device"):" "}
.value=${t===null?"":String(Math.round(t*100)/100)}
@change=${A=>{this.#r(C,A.target)}}
/>
<span class="quiet">${e}</span>
</div>
<button
type="button"
class="button plain round"
aria-label=${this.text("higher",{name:i})}
aria-disabled=${t!==null&&t>=M?"true":"false"}
@click=${()=>{this.#e(C,1)}}
>
${l("plus")}
</button>
</div>
</div>`}#L(C){return a`<label
><input
type="radio"
name="when"
value=${C}
.checked=${C===this._when}
@change=${()=>{this._when=C}}
/>${this.text(`when_${C}`)}</label
>`}#M(C,H,L){return a`<div>
<label for=${C}>${this.text(C)}</label>
<input
id=${C}
class="field"
type="time"
required
.value=${H}
@change=${M=>{L(M.target.value)}}
/>
</div>`}#e({key:C,min:H,max:L,bigStep:M,isOptional:e},r){let t=this._values[C]??null;if(t===null){this.#t(C,r===1?C1(M,H,L):L);return}let i=Math.round((t+r*M)/M)*M;this.#t(C,e&&i<=H?null:C1(i,H,L))}#r({key:C,min:H,max:L,isOptional:M},e){let r=e.valueAsNumber;if(Number.isNaN(r)){M&&this.#t(C,null);return}let t=C1(r,H,L);e.value=String(t),this.#t(C,t)}#t(C,H){this._values={...this._values,[C]:H}}#i(){let C=new Date,H=Object.fromEntries(Object.entries(this._values).flatMap(([e,r])=>r===null?[]:[[e,r]])),L=this._when==="now"?null:A2(this.hass,this._start,C),M=L?.includes("T")?new Date(L):C;return{command:this.command.command,values:H,when:this._when,start:L,end:this._when==="window"?A2(this.hass,this._end,M):null,then:this._then}}#A(){clearTimeout(this.#C),this._expected="",this.#C=setTimeout(()=>{this.#n(++this.#H)},k0)}async#n(C){let{action:H,data:L}=a2(this.#i()),M=await this.#l(H,{...L,dry_run:!0});if(C!==this.#H)return;let e=M.ok?M.response?.devices[this.device.id]:void 0;this._expected=e?e.objections[0]?.message??this.#d(e.expected):""}#d(C){if(typeof C?.level!="number")return"";let H=g(this.hass,C.level,"%",{maximumFractionDigits:0}),L=[C.reached_at?this.text("expected_level",{level:H,time:h(this.hass,new Date(C.reached_at),new Date)}):this.text("expected_at_end",{level:H})];return C.energy&&L.push(this.text("expected_energy",{energy:g(this.hass,C.energy,"kWh")})),L.join(", ")}#o=C=>{C.preventDefault(),this.#p()};async#p(){if(!this._busy){this._busy=!0,this._failure=null;try{await this.#m(this.#i())}finally{this._busy=!1}}}async#m(C){for(let e of[C.command,...C.when==="window"?[C.then]:[]]){let r=b0[e],t=R(this.hass,e,this.device.type);if(r&&!await this.#x(r[0],this.text(r[1]),t))return}let{action:H,data:L}=a2(C),M=await this.#l(H,L);if(!M.ok&&this.canReplace&&w0.includes(M.failure.key)){let e=this.text("replace_text",{reason:this.#a(M.failure)});await this.#x("replace",e,this.text("replace_confirm"))&&(M=await this.#l(H,{...L,on_conflict:"cancel_and_replace"}))}M.ok?this.#v():this._failure=M.failure}#a({key:C,text:H}){let L=this.planned.filter(({id:M})=>H.includes(M)).map(M=>`${M.text}, ${M.when}`);return C==="action_in_the_way"&&L.length?this.text("replace_planned",{plans:L.join("; ")}):H}#l(C,H){return K(this.hass,this.text,C,H,{device_id:this.device.id},!0)}#x(C,H,L){let{text:M,name:e}=this;return _1(this,{title:M(C,{device:e}),text:H,confirmText:L,dismissText:M("keep"),destructive:!0})}#s=C=>{C.key==="Escape"&&(C.stopPropagation(),this.#v())};#v=()=>{a1(this,"amps-close",null)}};function T0({name:V,unit:C}){return V==="power"?"power":V==="heat_setpoint"?"heat_to":V==="cool_setpoint"?"cool_to":C==="%"?"target":"temperature"}s("amps-command-form",d2);var H1="amps-device-card";function p2(V){if(typeof V!="object"||V===null)throw new Error("The configuration is not an object.");let C=V;for(let[H,L]of Object.entries({device:"string",name:"string",controls:"boolean",ribbon:"boolean"})){let M=C[H];if(M!=null&&typeof M!==L)throw new Error(`"${H}" has to be a ${L}.`)}return V}function H3(){return{schema:[{name:"device",required:!0,selector:{device:{integration:k}}},{name:"name",selector:{text:{}}},{name:"controls",default:!0,selector:{boolean:{}}},{name:"ribbon",default:!0,selector:{boolean:{}}}],computeLabel:V=>O(document.documentElement.lang)(`editor_${V.name}`),assertConfig:p2}}function V3(V){let C=[...S(V).values()].filter(L=>L.type!==null),H=C.find(({type:L})=>L==="battery")??C[0];return H?{device:H.id}:{}}function L3(V,C){let H=V.entities[C],L=H?.platform===k&&H.device_id?S(V).get(H.device_id):void 0;return L?.type?{config:{type:`custom:${H1}`,device:L.id}}:null}var M3=Z`
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
.told dt {
display: none;
}
dl.told {
grid-template-columns: 1fr;
}
dl.told dd {
text-align: start;
}
}
@media (prefers-reduced-motion: no-preference) {
.level .fill {
transition: width var(--ha-animation-duration-slow, 350ms);
}
}
`;var P0=12,e3=3e5,B0=15e3,m2=class{#C=new Q;#H=new Map;#V;#L;samples(C){return this.#H.get(C)??[]}watch(C,H,L){this.#V=C;let M=this.#C.add(H,L);return this.#H.has(H)?this.#L===void 0&&this.#M(r3()):this.#M(0),()=>{M(),!(this.#C.keys.length>0)&&(clearTimeout(this.#L),this.#L=void 0)}}#M(C){clearTimeout(this.#L),this.#L=setTimeout(()=>{this.#e()},C)}async#e(){let C=this.#C.keys;if(this.#M(r3()),!(!this.#V?.config.components.includes("recorder")||document.hidden))try{let H=await this.#V.callWS({type:"recorder/statistics_during_period",start_time:new Date(Date.now()-P0*36e5).toISOString(),statistic_ids:C,period:"5minute",types:["mean"]});for(let L of C)this.#H.set(L,R0(H[L]??[]));for(let L of this.#H.keys())C.includes(L)||this.#H.delete(L);this.#C.notify(C)}catch{}}};function r3(){return e3-(Date.now()-B0)%e3}function R0(V){return V.flatMap(({start:C,end:H,mean:L})=>typeof L=="number"?[{at:(C+H)/2,value:L}]:[])}var l2=z(()=>new m2);var t3="0 -4 36 108";function x1(V,C){return(C-V)/36e5}function v1(V,C){return Math.min(Math.max(12+x1(C,V),0),36)}function i3(V,C,H){return`${v1(V,H).toFixed(2)} ${(100-Math.min(Math.max(C,0),100)).toFixed(1)}`}function o3(V,C){let H=[];for(let e of V){let r=H.at(-1),t=r?.at(-1);r&&t&&e.at-t.at<=9e5?r.push(e):H.push([e])}let L=H.map(e=>`M${e.map(({at:r,value:t})=>i3(r,t,C)).join("L")}`),M=H.flatMap((e,r)=>{let[t,i]=[e[0],e.at(-1)];return t&&i?[`${L[r]??""}L${v1(i.at,C).toFixed(2)} 104L${v1(t.at,C).toFixed(2)} 104Z`]:[]});return{line:L.join(""),area:M.join("")}}function a3(V,C){return`M${V.map(({at:H,level:L})=>i3(H,L,C)).join("L")}`}function A3(V,C){return V.filter(({start:H})=>x1(C,H)<24).map(({start:H,end:L,target:M})=>{let[e,r]=[v1(H,C),v1(L??H,C)];return{left:e/36*100,width:(r-e)/36*100,top:M===null?null:(100-M+4)/108*100}})}function n3(V){let C=new Date(V-432e5);C.setMinutes(0,0,0);let H=[];for(let L=C.getTime();L<V+24*36e5;L+=36e5){let M=12+x1(V,L),e=Math.abs(M-12)<3.5||M<1.2||M>36-1.2;new Date(L).getHours()%6===0&&!e&&H.push({at:L,left:M/36*100})}return H}var x2=class extends c{static styles=[y,Z`
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
`];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1},planned:{attribute:!1},level:{type:Number},expected:{attribute:!1},now:{attribute:!1},_visible:{state:!0}};#C=new IntersectionObserver(C=>{this._visible=C.some(H=>H.isIntersecting)});#H;constructor(){super(),this.expected=[],this._visible=!1}connectedCallback(){super.connectedCallback(),this.#C.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.#C.disconnect(),this._visible=!1,this.#V()}updated(C){let H=this.device.entities.level;C.has("device")&&C.get("device")?.entities.level!==H&&this.#V(),!this._visible||H===void 0?this.#V():this.#H??=l2(this.hass).watch(this.hass,H,()=>{this.requestUpdate()})}#V(){this.#H?.(),this.#H=void 0}render(){if(!this._visible)return a`<figure>
<div class="plot"></div>
<div class="scale"></div>
</figure>`;let C=this.now.getTime(),H=this.device.entities.level,M=[...(H===void 0?[]:l2(this.hass).samples(H)).filter(({at:e})=>e<C),{at:C,value:this.level}];return a`
<figure role="img" aria-label=${this.#r(M)}>
<div class="plot">
${A3(this.planned,C).map(({left:e,width:r,top:t})=>a`<div class=${r?"band":"band open"} style="left:${e}%;width:${r}%">
${t===null||this.expected.length>1?o:a`<div class="aim" style="top:${t}%"></div>`}
</div>`)}
<svg viewBox=${t3} preserveAspectRatio="none" aria-hidden="true">
${[25,50,75].map(e=>G`<line class="grid" x1="0" x2=${36} y1=${e} y2=${e}></line>`)}
${this.#L(M,C)}
<line class="now" x1=${12} x2=${12} y1="-4" y2="104"></line>
${this.expected.length>1?G`<path class="expected" d=${a3(this.expected,C)}></path>`:o}
</svg>
</div>
<div class="scale" aria-hidden="true">${this.#M(C)}</div>
</figure>
`}#L(C,H){if(C.length<2)return o;let{area:L,line:M}=o3(C,H);return G`<path class="area" d=${L}></path><path class="line" d=${M}></path>`}#M(C){return[...n3(C).map(({at:L,left:M})=>a`<span style="left:${M}%">${P1(this.hass,new Date(L))}</span>`),a`<span class="now-label" style="left:${12/36*100}%">${this.#e("ribbon_now")}</span>`]}get#e(){return O(this.hass.locale.language)}#r(C){let H=t=>g(this.hass,t,"%",{maximumFractionDigits:0}),[L,M]=[C[0],C.at(-1)],e=[this.#e("ribbon")];L&&M&&x1(L.at,M.at)>0?e.push(this.#e("ribbon_summary",{first:H(L.value),last:H(M.value)})):e.push(this.#e("ribbon_no_history"));let r=this.expected.at(-1);r&&this.expected.length>1&&e.push(this.#e("ribbon_summary_expected",{level:H(r.level),time:h(this.hass,new Date(r.at),this.now)}));for(let{text:t,when:i}of this.planned)e.push(`${t}, ${i}.`);return e.join(" ")}};s("amps-ribbon",x2);function s1(V,C,H,L){let M=H?.effective_action;if(p(V,C,"overridden")?.state==="on"&&M?.command&&!p3(M,L))return{command:M.command,text:J(V,M),action:M};let e=p(V,C,"thermostat"),r=_0(V,C,e);if(r===null)return null;let t=D0(H,r,L),i=e?E0(V,e,r):J(V,{command:r,parameters:t?.parameters??null});return{command:r,text:i,action:t}}var F0={heat:"heat",cool:"cool",heat_cool:"auto",off:"idle"};function _0(V,C,H){if(H)return H.attributes.preset_mode==="schedule"&&m(H)?"follow_schedule":F0[H.state]??null;let L=p(V,C,"mode");if(m(L))return L.state;let M=p(V,C,"charging_enabled");return m(M)?M.state==="on"?"charge":"idle":null}function D0(V,C,H){let L=V?.effective_action;return L?.command===C&&!p3(L,H)?L:null}function p3({end:V},C){return V!==null&&new Date(V)<=C}function E0(V,C,H){let L=r=>typeof C.attributes[r]=="number"?V.formatEntityAttributeValue(C,r):null;if(H==="idle")return V.formatEntityState(C);let M={heat:{target:L("temperature")},cool:{target:L("temperature")},auto:{heat_setpoint:L("target_temp_low"),cool_setpoint:L("target_temp_high")}}[H],e=Object.entries(M??{}).flatMap(([r,t])=>t===null?[]:[[r,t]]);return R1(V,"command",H,e)}function m3(V,C,H,L){let M={hass:V,device:C,translate:H,now:L};return C.type===null?K0(M):$0[C.type](M)}var $0={battery:N0,ev_charger:I0,hvac:Q0,solar_inverter:U0,vehicle:W0};function v({hass:V,device:C},H){return p(V,C,H)}function I({hass:V},C,H){return C?V.formatEntityState(C,H):""}function Z1(V,C){return{main:m(C)?m1(V.hass,C):null,entityId:C?.entity_id}}function l3(V,C,H){let L=u(H);return L===null||L===0||!H?C:V.translate("flow_power",{flow:C,power:I(V,H,String(Math.abs(L)))})}function N0(V){let C=v(V,"level"),H=v(V,"status"),L=v(V,"power"),M=H?.state==="charging"?"in":H?.state==="discharging"?"out":"none";return{icon:"home_battery",direction:M,...Z1(V,C??L),sentence:m(H)?l3(V,I(V,H),M==="none"?void 0:L):I(V,H),level:u(C),power:u(L)}}function I0(V){let C=v(V,"power"),H=v(V,"status"),L=v(V,"connected"),M=H?.state==="charging"||v(V,"charging")?.state==="on",e=()=>M||!m(L)?I(V,H):V.translate(L.state==="on"?"plugged_in_not_charging":"not_plugged_in");return{icon:"ev_charger",direction:M?"in":"none",...Z1(V,C??H),sentence:e(),level:null,power:u(C)}}function W0(V){let C=v(V,"level"),H=v(V,"charging"),L=v(V,"plugged_in"),M=v(V,"full_at"),e=H?.state==="on",r=()=>{if(!e)return v(V,"fully_charged")?.state==="on"&&V.device.entities.fully_charged?V.hass.localize("component.amps.entity.binary_sensor.fully_charged.name"):m(L)?V.translate(L.state==="on"?"plugged_in_not_charging":"unplugged"):m(H)?V.translate("flow_resting"):I(V,H);let t=l3(V,V.hass.localize("component.amps.entity.binary_sensor.charging.name"),v(V,"charge_power"));return m(M)?`${t}, ${V.translate("full_at",{time:h(V.hass,new Date(M.state),V.now)})}`:t};return{icon:"vehicle",direction:e?"in":"none",...Z1(V,C),sentence:r(),level:u(C),power:u(v(V,"charge_power"))}}function U0(V){let C=v(V,"power"),H=v(V,"status");return{icon:"solar_inverter",direction:(u(C)??0)>0?"solar":"none",...Z1(V,C),sentence:I(V,H),level:null,power:u(C)}}var G0={heating:"heat",preheating:"heat",cooling:"cool"};function Q0(V){let{hass:C}=V,H=v(V,"thermostat"),L=H?.attributes.current_temperature,M=H?.attributes.hvac_action;return{icon:"hvac",direction:typeof M=="string"&&G0[M]||"none",main:H&&typeof L=="number"?z0(C.formatEntityAttributeValue(H,"current_temperature")):null,entityId:H?.entity_id,sentence:H&&typeof M=="string"&&m(H)?C.formatEntityAttributeValue(H,"hvac_action"):I(V,H),level:null,power:null}}function z0(V){let[,C=V,H=""]=/^(.*?)[\s\u00a0]*(°\S*)$/.exec(V)??[];return{value:C,unit:H}}function K0(V){let C=["level","power","status"].map(H=>v(V,H)).find(m);return{icon:"flash",direction:"none",...Z1(V,C),sentence:"",level:null,power:null}}function s2(V){let{hass:C,device:H,translate:L,now:M}=V,e=m3(C,H,L,M);return{name:V.name??P(C,H.id),flow:e,isAvailable:v3(V,e),notices:Y0(V,e)}}function D1(V){let{device:C,details:H}=V,L=s2(V),M=H7(V,L.flow);return{...L,marks:r7(V),facts:i7(V),told:M.told,last:M7(V,M.action),planned:(H?.open_actions??[]).flatMap(e=>e7(V,e)).sort((e,r)=>e.start-r.start),expected:q0(V,L.flow),data:o7(V),isRefreshable:C.entities.refresh!==void 0,isControllable:j0.some(e=>C.entities[e]!==void 0)}}function q0({details:V,now:C},{level:H}){let M=(V?.expected_levels??[]).map(({at:e,level:r})=>({at:Date.parse(e),level:r})).filter(({at:e})=>e>C.getTime());return H===null||M.length===0?[]:[{at:C.getTime(),level:H},...M]}var j0=["cancel_scheduled","charge","discharge","mode","charging_enabled"],X0=["status","power","charge_power","charging","connected","plugged_in","producing","temperature","active"];function v3({hass:V,device:C},H){let L=H.entityId===void 0?X0.map(M=>C.entities[M]):[H.entityId];return p(V,C,"reachable")?.state!=="off"&&L.some(M=>M!==void 0&&(V.states[M]?.state??"unavailable")!=="unavailable")}function Y0(V,C){let{hass:H,device:L,details:M,translate:e,now:r}=V,t=[],i=p(H,L,"reachable")?.state;if(i==="off"){let n=M?.error_code?` ${i2(H,M.error_code)}.`:"";t.push(u1("unreachable","warning","unreachable",e("unreachable"),e("unreachable_text")+n))}else if(!v3(V,C)){let n=i!=="unavailable"&&i!==void 0;t.push(n?u1("unavailable","warning","clock",e("unavailable"),e("unavailable_text")):u1("not_loaded","warning","unreachable",e("not_loaded"),""))}p(H,L,"overridden")?.state==="on"&&t.push(u1("overridden","warning","overridden",e("overridden"),e("overridden_text")));let A=s3(V);if(A&&x3(A,r)){let n=B(H,"logbook_failed",{command:J(H,A)});t.push(u1("failed","danger","alert",n,`${A.error_code?i2(H,A.error_code):e("failed_unknown")} (${B1(H,A.at,r)})`))}return t}function u1(V,C,H,L,M){return{key:V,tone:C,icon:H,title:L,text:M}}var J0=864e5;function x3({state:V,at:C},H){return V==="failed"&&H.getTime()-C.getTime()<J0}function s3({hass:V,device:C,details:H}){let L=p(V,C,"last_action");if(!m(L))return null;let{command:M,reason:e}=L.attributes,r=H?.last_action??null,t=r?.command===M&&r?.state===L.state?r:null;return{command:typeof M=="string"?M:null,parameters:t?.parameters??null,state:L.state,error_code:typeof e=="string"?e:null,at:new Date(t?.updated_at??t?.created_at??L.last_changed)}}var C7={scheduled:{icon:"clock",tone:"normal"},acknowledged:{icon:"sent",tone:"normal"},completed:{icon:"check",tone:"good"},failed:{icon:"alert",tone:"danger"},cancelled:{icon:"cancelled",tone:"normal"}};function Z3(V,C){return{...C7[C]??{icon:"clock",tone:"normal"},text:v5(V,C)}}function H7(V,C){let{hass:H,device:L,details:M,translate:e,now:r}=V,t=s1(H,L,M,r);if(t===null)return{told:null,action:null};let{action:i}=t,A=i?.end?` ${e("until",{time:h(H,new Date(i.end),r)})}`:"";return{told:{text:t.text+A,stage:i?.state?Z3(H,i.state):null,isPending:L7(t.command,i,C,r)},action:i}}var V7=3e5;function L7(V,C,H,L){let M={charge:"in",discharge:"out"}[V],e=C?.acknowledged_at??C?.created_at;if(M===void 0||!e||L.getTime()-Date.parse(e)>V7)return!1;let r=C?.parameters?.target?.value,t=r!==void 0&&H.level!==null&&(V==="charge"?H.level>=r:H.level<=r);return H.direction!==M&&!t}function M7(V,C){let{hass:H,details:L,now:M}=V,e=s3(V);if(!e?.state||x3(e,M))return null;let r=C!==null&&C.id===L?.last_action?.id,t=e.state==="scheduled"&&L!==null;return r||t?null:{text:`${J(H,e)}, ${B1(H,e.at,M)}`,stage:Z3(H,e.state)}}function e7({hass:V,now:C},H){if(!H.start)return[];let L=new Date(H.start),M=H.end?new Date(H.end):null;return(M??L)<=C?[]:[{id:H.id,text:m5(V,H),when:M?d5(V,L,M,C):h(V,L,C),isRunning:L<=C,isCancellable:H.state==="scheduled"&&L>C,start:L.getTime(),end:M?.getTime()??null,target:u3(H)}]}function u3({parameters:V}){let C=V?.target;return C?.unit==="percent"?C.value:null}function r7({hass:V,device:C,details:H,now:L}){let M=[],e=(r,t)=>{let i=p(V,C,t);if(!m(i)||!Number.isFinite(Number(i.state)))return;let A=V.localize(`component.amps.entity.${i.entity_id.split(".",1)[0]??""}.${t}.name`);M.push({kind:r,value:Number(i.state),label:`${A}: ${V.formatEntityState(i)}`})};if(C.type==="battery"){e("floor","discharge_floor");let r=s1(V,C,H,L)?.action,t=r?u3(r):null;t!==null&&M.push({kind:"target",value:t,label:B(V,"parameter_target",{value:t2(V,t,"percent")})})}return C.type==="vehicle"&&e("limit","charge_limit"),M}var t7={vehicle:["range","charge_limit"],solar_inverter:["energy"],ev_charger:["max_charge_rate","energy"]};function i7({hass:V,device:C}){return(C.type?t7[C.type]??[]:[]).flatMap(H=>{let L=p(V,C,H);if(!m(L))return[];let M=L.entity_id.split(".",1)[0]??"";return[{label:V.localize(`component.amps.entity.${M}.${H}.name`),value:V.formatEntityState(L)}]})}function o7(V){let{hass:C,device:H,details:L,translate:M}=V,e=p(C,H,"data_source"),r=p(C,H,"last_pulled"),t=[];return m(e)?t.push(C.formatEntityState(e)):L?.data_source==="projection"&&t.push(M("simulated")),m(r)&&t.push(a7(V,new Date(r.state))),t.join(" · ")}function a7({hass:V,translate:C,now:H},L){return H.getTime()-L.getTime()<6e4?C("read_just_now"):C("read_at",{age:B1(V,L,H)})}var A7=["action","last_action","reachable","level","mode","charging_enabled","thermostat"],u2=class extends F{static styles=[y,M3];static properties={preview:{type:Boolean},layout:{},_config:{state:!0},_open:{state:!0},_failure:{state:!0},_busy:{state:!0},_isWhole:{state:!0}};static getConfigForm(){return H3()}static getStubConfig(C){return V3(C)}#C=[];constructor(){super(),this.preview=!1,this._open=null,this._failure=null,this._busy=!1,this._isWhole=!1}setConfig(C){this._config=p2(C)}getCardSize(){return 5}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.#C.push(k1(()=>{this.requestUpdate()})),this.#C.push(q5(()=>{this._isWhole=!0})),this.#V()}disconnectedCallback(){super.disconnectedCallback();for(let C of this.#C.splice(0))C();this.#H=void 0}shownDevices(C){let H=this.#L(C);return H?[H]:[]}hassChanged(C,H){let L=this.#L(H);if(!L||!C||!this.isConnected)return;(!C.connected&&H.connected||C.entities!==H.entities||A7.some(e=>p(C,L,e)!==p(H,L,e)))&&f(H).refresh(H,L.id)}updated(C){super.updated(C),this.#V()}#H;#V(){let{hass:C}=this,H=this._config?.device;if(!C||!H||!this.isConnected||this.#H===H)return;this.#H=H;let L=f(C);this.#C.push(L.watch(H,()=>{this.requestUpdate()})),L.refresh(C,H)}#L(C){let H=this._config?.device;return H===void 0?void 0:S(C).get(H)}render(){let{hass:C}=this;if(!C||!this._config)return o;let H=this.#L(C);if(!H)return this.#e();let L=f(C).get(H.id),M=new Date,e={hass:C,device:H,details:L,translate:this.text,now:M,name:this._config.name},r=this._isWhole||this.preview?D1(e):null,t=r??s2(e);return a`
<ha-card class=${t.isAvailable?t.flow.direction:"none"}>
<div class="content">
${this.#r(t)} ${r?d7(r):o} ${t.notices.map(n7)}
${r?this.#M(C,H,L,r,M):o}
</div>
</ha-card>
`}#M(C,H,L,M,e){return a`
${this.#t(M)}
${M.facts.length?a`<dl class="facts">
${M.facts.map(({label:r,value:t})=>a`<dt>${r}</dt>
<dd>${t}</dd>`)}
</dl>`:o}
${this._config?.ribbon!==!1&&M.flow.level!==null?a`<amps-ribbon
.hass=${C}
.device=${H}
.planned=${M.planned}
.level=${M.flow.level}
.expected=${M.expected}
.now=${e}
></amps-ribbon>`:o}
${this.#i(M)} ${this.#n(C,H,L,M)} ${this.#p(M)}
`}#e(){let C=this.text(this._config?.device?"device_gone":"no_device");return a`<ha-card class="none"
><div class="content">
<div class="notice">
<strong>${l("home")}</strong>
<p>${C}</p>
</div>
</div></ha-card
>`}#r({name:C,flow:H,isAvailable:L}){let M=L?H.main:null;return a`
<div class="header">
<span class="sign">${l(H.icon)}</span>
<div class="names">
<h2>${C}</h2>
<p class="sentence">${L?H.sentence:this.text("unavailable")}</p>
</div>
${M&&H.entityId?a`<button
class="main"
@click=${()=>{A1(this,H.entityId??"")}}
>
<span class="visually-hidden">${C}:</span>
${M.value}${M.unit?a`<span class="unit"> ${M.unit}</span>`:o}
</button>`:o}
</div>
`}#t({told:C,last:H,isAvailable:L}){return!L||!C&&!H?o:a`<dl class="told">
${C?a`<dt>${this.text("told")}</dt>
<dd>
<div>${C.text}</div>
${C.isPending?Z2({icon:"waiting",tone:"warning",text:this.text("waiting_for_device")}):C.stage?Z2(C.stage):o}
</dd>`:o}
${H?a`<dt class="last">${this.text("last")}</dt>
<dd class="last">
<div>${H.text}</div>
${Z2(H.stage)}
</dd>`:o}
</dl>`}#i({planned:C,isControllable:H}){return C.length===0?o:a`<ul class="plans">
${C.map(L=>this.#A(L,H))}
</ul>`}#A(C,H){return a`<li class=${C.isRunning?"running":""}>
${l(C.isRunning?"clock":"calendar")}
<div>
<div>${C.text}</div>
<div class="quiet small">${C.isRunning?`${this.text("in_progress")}, `:""}${C.when}</div>
</div>
${C.isCancellable&&H&&this._config?.controls!==!1?a`<button
class="button plain"
aria-disabled=${this._busy?"true":"false"}
aria-label=${this.text("cancel_plan_of",{plan:`${C.text}, ${C.when}`})}
@click=${()=>this.#a("amps.cancel_action",{action_id:C.id},{})}
>
${this.text("cancel_plan")}
</button>`:o}
</li>`}#n(C,H,L,M){if(!L||!M.isControllable||!M.isAvailable||this._config?.controls===!1)return this.#o();let e=J5(C,H,L),r=e.find(({command:i})=>i===this._open),t=s1(C,H,L,new Date)?.command;return a`
<div class="choices" role="group" aria-label=${this.text("controls")}>
${e.map(i=>this.#d(C,H.type,i,i.command===t,i===r))}
</div>
${r?a`<amps-command-form
.hass=${C}
.device=${H}
.command=${r}
.planned=${M.planned}
.canReplace=${L.conflict_strategies.includes("cancel_and_replace")}
.text=${this.text}
.name=${M.name}
@amps-close=${this.#m}
></amps-command-form>`:o}
${this.#o()}
`}#d(C,H,{command:L,icon:M},e,r){return a`<button
class="button"
aria-expanded=${r?"true":"false"}
aria-current=${e?"true":o}
data-command=${L}
@click=${()=>{this._open=r?null:L}}
>
${l(e?"check":M)}${R(C,L,H)}
</button>`}#o(){return this._failure?a`<p class="error" role="alert">${this._failure.text}</p>`:o}#p({data:C,isRefreshable:H}){return!C&&!H?o:a`<div class="footer">
<span>${C}</span>
${H?a`<button
class="button plain round"
aria-disabled=${this._busy?"true":"false"}
aria-label=${this.text("refresh")}
title=${this.text("refresh")}
@click=${()=>this.#a("amps.refresh",{},{device_id:this._config?.device??""})}
>
${l("refresh")}
</button>`:o}
</div>`}#m=()=>{let C=this._open;this._open=null,C!==null&&this.updateComplete.then(()=>{this.renderRoot.querySelector(`[data-command="${C}"]`)?.focus()})};async#a(C,H,L){let{hass:M}=this;if(!M||this._busy)return;this._busy=!0,this._failure=null;let e=await K(M,this.text,C,H,L);this._busy=!1,e.ok||(this._failure=e.failure),this._config?.device&&f(M).refresh(M,this._config.device)}};function n7({tone:V,icon:C,title:H,text:L}){return a`<div class="notice ${V}" role="status">
${l(C)}<strong>${H}</strong>${L?a`<p>${L}</p>`:o}
</div>`}function Z2({icon:V,tone:C,text:H}){return a`<span class="stage ${C}">${l(V)}${H}</span>`}function d7({flow:{level:V},isAvailable:C,marks:H}){return V===null||!C?o:a`<div class="level" style="--level-color:${F1(V)}" aria-hidden="true">
<div class="track"><div class="fill" style="width:${V}%"></div></div>
${H.map(({kind:L,value:M,label:e})=>a`<span class="mark ${L}" style="inset-inline-start:${M}%" title=${e}></span>`)}
</div>`}s(H1,u2);T1({type:H1,name:"device_card_name",description:"device_card_description",preview:!0,documentationURL:j,getEntitySuggestion:L3});var c3=["solar_inverter","battery","ev_charger","vehicle","hvac",null],S3=new Intl.Collator(void 0,{numeric:!0}),h3=new WeakMap;function _(V){let C=h3.get(V.devices);if(C?.of===V.entities)return C.accounts;let H=p7(V);return h3.set(V.devices,{of:V.entities,accounts:H}),H}function E1(V,C){let H=_(V);return C?H.find(L=>L.id===C):H.length===1?H[0]:void 0}function c2(V,C){return V.devices[C]?.entry_type==="service"}function p7(V){let C=new Map;for(let H of S(V).values()){let L=y1(V,H.id);if(L===null)continue;let M=C.get(L)??{name:null,devices:[]};C.set(L,M),c2(V,H.id)?M.name=P(V,H.id):M.devices.push(H)}return[...C].map(([H,{name:L,devices:M}])=>({id:H,name:L??"Amps",devices:M.sort((e,r)=>c3.indexOf(e.type)-c3.indexOf(r.type)||S3.compare(P(V,e.id),P(V,r.id)))})).sort((H,L)=>S3.compare(H.name,L.name))}var m7=["action","last_action","reachable","mode","charging_enabled","thermostat"],$1=class{#C;#H=new Map;constructor(C){this.#C=C}watch(C,H){let L=f(C),M=new Set(H.map(({id:e})=>e));for(let[e,r]of this.#H)M.has(e)||(r(),this.#H.delete(e));for(let e of M)this.#H.has(e)||(this.#H.set(e,L.watch(e,this.#C)),L.refresh(C,e))}stop(){for(let C of this.#H.values())C();this.#H.clear()}hassChanged(C,H,L){let M=C.connected!==H.connected||C.entities!==H.entities;for(let e of L)(M||m7.some(r=>p(C,e,r)!==p(H,e,r)))&&f(H).refresh(H,e.id)}};var V1="amps-home-card";function S2(V){if(typeof V!="object"||V===null)throw new Error("The configuration is not an object.");let C=V;for(let H of["config_entry","name","grid_power","house_power"]){let L=C[H];if(L!=null&&typeof L!="string")throw new Error(`"${H}" has to be a string.`)}return V}var g3={entity:{filter:{domain:"sensor",device_class:"power"}}};function f3(){let V=C=>n1(document.documentElement.lang)[C];return{schema:[{name:"config_entry",selector:{config_entry:{integration:k}}},{name:"name",selector:{text:{}}},{name:"grid_power",selector:g3},{name:"house_power",selector:g3}],computeLabel:({name:C})=>V(`editor_${C}`),computeHelper:({name:C})=>V(`editor_${C}_helper`),assertConfig:S2}}function O3(V){let C=_(V)[0];return C?{config_entry:C.id}:{}}function y3(V,C){let H=V.entities[C];if(H?.platform!==k||!H.device_id||!c2(V,H.device_id))return null;let L=y1(V,H.device_id);return L===null?null:{config:{type:`custom:${V1}`,config_entry:L}}}var w3=Z`
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
.told {
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
.told {
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
`;var l7=8,b3=["solar_inverter","battery"];function N1({devices:V},C){if(C)return V;let H=new Map;return V.filter(({type:L})=>{let M=(H.get(L)??0)+1;return H.set(L,M),M<=l7})}function k3(V){let{hass:C,config:H,account:L,isExpanded:M}=V,e=[...S7(V),...N1(L,M).map(t=>v7(V,t))],r=t=>{let i=A=>A.filter(({type:n})=>b3.includes(n)===t).length;return{rows:e.filter(A=>A.isSource===t),surplus:i(L.devices)-i(N1(L,!1))}};return{name:H.name??L.name,house:h7(C,H.house_power),sums:g7(V,e),largest:Math.max(...e.map(({power:t})=>t??0),0),troubled:e.filter(({troubles:t})=>t.length).length,sources:r(!0),loads:r(!1)}}function v7({hass:V,details:C,translate:H,now:L},M){let e=D1({hass:V,device:M,details:C(M.id),translate:H,now:L}),{flow:r,told:t,isAvailable:i}=e,A=t?.isPending?`${t.text} (${H("home_pending")})`:t?.text??"";return{id:M.id,name:e.name,icon:r.icon,direction:i?r.direction:"none",wire:Z7(V,M,r,i),isSource:b3.includes(M.type),power:i&&r.power!==null?Math.abs(r.power):null,level:i?r.level:null,main:i?r.main:null,sentence:i?r.sentence:"",told:i?A:"",troubles:e.notices,entityId:r.entityId??Object.values(M.entities)[0]}}var x7=.1,s7=["solar_inverter","battery","ev_charger"];function Z7(V,C,H,L){if(!s7.includes(C.type))return null;if(!L)return"unknown";let{direction:M,power:e}=H;return M==="solar"||M==="out"?"gives":M==="in"?"takes":C.type==="solar_inverter"&&e!==null||(e===null||Math.abs(e)<x7)&&m(p(V,C,"status"))?"rests":e===null?"unknown":T3(e)}function T3(V){return V===0?"rests":V>0?"takes":"gives"}var u7="grid",c7={W:.001,kW:1,MW:1e3};function S7({hass:V,config:C,translate:H}){let L=C.grid_power?V.states[C.grid_power]:void 0,M=u(L);if(!L||M===null)return[];let e=c7[String(L.attributes.unit_of_measurement)];return[{id:u7,name:H("home_grid"),icon:"grid",direction:M>0?"grid":M<0?"return":"none",wire:T3(-M),isSource:!0,power:e===void 0?null:Math.abs(M)*e,level:null,main:m1(V,L,String(Math.abs(M))),sentence:H(M>0?"home_from_grid":M<0?"home_to_grid":"home_grid_rests"),told:"",troubles:[],entityId:L.entity_id}]}function h7(V,C){let H=C?V.states[C]:void 0;return m(H)?{...m1(V,H),entityId:H.entity_id}:null}function g7({hass:V,translate:C},H){let L=H.filter(({wire:r})=>r!==null),M=L.filter(({wire:r})=>r==="gives"||r==="takes");if(!L.length||L.some(({wire:r})=>r==="unknown")||M.some(({power:r})=>r===null))return"";if(!M.length)return C("home_rests");let e=r=>{let t=M.filter(({wire:i})=>i===r).reduce((i,A)=>i+(A.power??0),0);return g(V,t,"kW",{maximumFractionDigits:2})};return C("home_sums",{supplied:e("gives"),drawn:e("takes")})}var h2=class extends F{static styles=[y,w3];static properties={_config:{state:!0},_isExpanded:{state:!0}};static getConfigForm(){return f3()}static getStubConfig(C){return O3(C)}#C=new $1(()=>{this.requestUpdate()});#H;constructor(){super(),this._isExpanded=!1}setConfig(C){this._config=S2(C)}getCardSize(){return 2+(this.hass?this.shownDevices(this.hass).length:4)}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.#H=k1(()=>{this.requestUpdate()}),this.#V()}disconnectedCallback(){super.disconnectedCallback(),this.#H?.(),this.#C.stop()}updated(){this.#V()}#V(){this.hass&&this.isConnected&&this.#C.watch(this.hass,this.shownDevices(this.hass))}#L(C){return E1(C,this._config?.config_entry)}shownDevices(C){let H=this.#L(C);return H?N1(H,this._isExpanded):[]}isAffected(C,H){let{grid_power:L,house_power:M}=this._config??{},e=[L,M].filter(r=>r!==void 0);return super.isAffected(C,H)||e.some(r=>C.states[r]!==H.states[r])}hassChanged(C,H){C&&this.isConnected&&this.#C.hassChanged(C,H,this.shownDevices(H))}render(){let{hass:C,_config:H,text:L}=this;if(!C||!H)return o;let M=this.#L(C);if(!M)return this.#M(L(H.config_entry?"no_devices":"no_account"));if(!M.devices.length)return this.#M(L("no_devices"));let e=f(C),r=k3({hass:C,config:H,account:M,isExpanded:this._isExpanded,details:i=>e.get(i),translate:L,now:new Date}),t=r.sources.rows.length>0&&r.loads.rows.length>0;return a`
<ha-card class=${t?"two":""}>
${this.#e(r)}
<div class="sides">
${this.#r("sources","home_sources",r.sources,r.largest)}
${this.#r("loads","home_loads",r.loads,r.largest)}
</div>
</ha-card>
`}#M(C){return a`<ha-card
><p class="empty"><span class="house">${l("home")}</span>${C}</p></ha-card
>`}#e({name:C,house:H,sums:L,troubled:M}){return a`
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
@click=${()=>{A1(this,H.entityId)}}
>
${H.value}<span class="unit"> ${H.unit}</span>
</button>`:o}
</div>
`}#r(C,H,{rows:L,surplus:M},e){return L.length?a`
<div class=${C}>
<ul aria-label=${this.text(H)}>
${L.map(r=>this.#t(r,e))}
</ul>
${M?a`<button
class="button plain more"
aria-expanded=${this._isExpanded?"true":"false"}
@click=${()=>{this._isExpanded=!this._isExpanded}}
>
${this._isExpanded?this.text("home_fewer"):this.text("home_more",{count:M})}
</button>`:o}
</div>
`:o}#t(C,H){let{level:L,main:M,entityId:e,wire:r,power:t}=C,i=H>0?(t??0)/H:0;return a`
<li class="${C.direction} ${r?"wired":""}">
${r?a`<span class="rail"></span><span class="wire ${r}" style="--share:${i.toFixed(2)}"></span>`:o}
<button
class="row"
@click=${()=>{e&&A1(this,e)}}
>
<span
class="sign ${L===null?"":"level"}"
style=${L===null?o:`--level:${L};--level-color:${F1(L)}`}
>${l(C.icon)}</span
>
<span class="words">
<span class="name">${C.name}</span>
${C.sentence?a`<span class="small sentence">${C.sentence}</span>`:o}
${C.told?a`<span class="small told">${C.told}</span>`:o}
${C.troubles.map(({icon:A,tone:n,title:d})=>a`<span class="trouble ${n}">${l(A)}${d}</span>`)}
</span>
${M?a`<span class="value"
>${M.value}${M.unit?a`<span class="unit"> ${M.unit}</span>`:o}</span
>`:o}
</button>
</li>
`}};s(V1,h2);T1({type:V1,name:"home_card_name",description:"home_card_description",preview:!0,documentationURL:j,getEntitySuggestion:y3});var g2="custom:amps",P3=6,f2=[["battery"],["ev_charger","vehicle"],["solar_inverter","hvac",null]];function B3(V,C){let H=_(C).filter(({id:e})=>!V.config_entry||e===V.config_entry),L=(e,r,t)=>({title:e,path:r,strategy:{...V,type:g2,...t}}),[M]=H;return H.length<2||!M?{title:"Amps",views:[L(M?.name??"Amps","home",{})]}:{title:"Amps",views:H.map(({id:e,name:r})=>L(r,e.toLowerCase(),{config_entry:e}))}}function R3(V,C,H){let L=_3(V,C),M=f2.map(e=>$3(L,e)).filter(e=>e.length);return{type:"sections",max_columns:4,sections:[{type:"grid",column_span:2,cards:[{...D3(V,L),grid_options:{columns:"full"}},...N3(L,H)]},...M.map((e,r)=>({type:"grid",...r===0&&M.length>1?{row_span:2}:{},cards:e}))]}}function F3(V,C,H){let L=_3(V,C),M=$3(L,f2.flat());return{type:"grid",cards:[D3(V,L),...M,...N3(L,H)]}}function _3(V,C){return E1(C,V.config_entry)??(V.config_entry?void 0:_(C)[0])}function D3({config_entry:V,grid_power:C,house_power:H},L){let M=L?.id??V;return{type:`custom:${V1}`,...M?{config_entry:M}:{},...C?{grid_power:C}:{},...H?{house_power:H}:{}}}function E3(V,C){return V?.devices.filter(H=>H.type===C)??[]}function $3(V,C){return C.flatMap(H=>E3(V,H).slice(0,P3).map(({id:L})=>({type:`custom:${H1}`,device:L})))}function N3(V,C){let H=f2.flat().reduce((L,M)=>L+Math.max(E3(V,M).length-P3,0),0);return!V||H===0?[]:[{type:"heading",heading_style:"subtitle",heading:C("strategy_more",{count:H}),tap_action:{action:"navigate",navigation_path:`/config/devices/dashboard?config_entry=${V.id}`}}]}async function I3(V){return await q(V.locale.language),O(V.locale.language)}var c1=class extends HTMLElement{static registryDependencies=["entities","devices"]},O2=class extends c1{static generate(C,H){return B3(C,H)}static getCreateSuggestions(){return{title:"Amps",icon:"mdi:home-lightning-bolt"}}},y2=class extends c1{static async generate(C,H){return R3(C,H,await I3(H))}},w2=class extends c1{static async generate(C,H){return F3(C,H,await I3(H))}static getStubConfig(C){let H=_(C)[0];return{type:g2,...H?{config_entry:H.id}:{}}}};s("ll-strategy-dashboard-amps",O2);s("ll-strategy-view-amps",y2);s("ll-strategy-section-amps",w2);for(let V of["dashboard","section"])t5({type:"amps",strategyType:V,name:"strategy_name",description:"strategy_description",documentationURL:j});var f7=["confirm_discharge","confirm_discharge_text"],O7=["confirm_export","confirm_export_text"],W3={idle:"pause",auto_balanced:"home",auto_reserve:"reserve",auto_export:"export"},b2=["charge","discharge",...Object.keys(W3)],y7=["charge","discharge","idle","auto_balanced"],w7=["mode","current_mode","level","power","status","charging_enabled","charging","connected"];function k2(V,C){let H=C===void 0?void 0:V.entities[C];if(!(H?.platform!==k||!H.device_id))return S(V).get(H.device_id)}function U3(V,C){let H=k2(V,C);return!H||!w7.some(L=>H.entities[L]===C)?!1:I1(V,H).length>0}function I1(V,C,H=y7){let{charging_enabled:L}=C.entities;return(L===void 0?b7(V,C):k7(V,C,L)).filter(({command:e})=>H.includes(e))}function b7(V,C){let{charge:H,discharge:L,mode:M}=C.entities,e=p(V,C,"mode")??p(V,C,"current_mode"),r=n=>m(e)&&e.state===n,t=(n,d,x)=>x===void 0?[]:[{command:n,icon:d,isStanding:r(n),action:"button.press",data:{},entityId:x,question:n==="discharge"?f7:null}],i=p(V,C,"mode")?.attributes.options,A=Object.entries(W3).flatMap(([n,d])=>M===void 0||!Array.isArray(i)||!i.includes(n)?[]:[{command:n,icon:d,isStanding:r(n),action:"select.select_option",data:{option:n},entityId:M,question:n==="auto_export"?O7:null}]);return[...t("charge","charge",H),...t("discharge","discharge",L),...A]}function k7(V,C,H){let L=p(V,C,"charging_enabled")?.state,M=(e,r,t)=>({command:e,icon:r,isStanding:L===t,action:`switch.turn_${t}`,data:{},entityId:H,question:null});return[M("charge","flash","on"),M("idle","stop","off")]}var P2="amps-commands",T7=3e4,T2=class extends F{static styles=[y,Z`
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
`];static properties={context:{attribute:!1},_config:{state:!0},_pending:{state:!0}};static getStubConfig(){return{type:`custom:${P2}`}}static getConfigForm(){let C=document.querySelector("home-assistant")?.hass;return{schema:[{name:"commands",selector:{select:{multiple:!0,options:b2.map(L=>({value:L,label:C?R(C,L,"battery"):L}))}}}],computeLabel:()=>n1(document.documentElement.lang).editor_commands}}#C;constructor(){super(),this._pending=null}setConfig(C){this._config=C}disconnectedCallback(){super.disconnectedCallback(),this.#M()}shownDevices(C){let H=k2(C,this.context?.entity_id);return H?[H]:[]}render(){let{hass:C}=this,[H]=C?this.shownDevices(C):[];return!C||!H?o:a`<div class="buttons" role="group" aria-label=${this.text("controls")}>
${I1(C,H,this._config?.commands).map(L=>this.#H(C,H,L))}
</div>`}#H(C,H,L){let{command:M,isStanding:e}=L,r=this._pending===M&&!e,t=H.entities.charging_enabled&&M==="idle"?this.text("stop_charging"):R(C,M,H.type),i=C.states[L.entityId];return a`<button
aria-pressed=${e?"true":"false"}
aria-busy=${r?"true":"false"}
aria-label=${r?`${t}, ${this.text("sending")}`:t}
title=${t}
?disabled=${!i||i.state==="unavailable"}
aria-disabled=${this._pending===null?"false":"true"}
@click=${()=>this.#V(L,t,H)}
>
${l(r?"waiting":L.icon)}<span class="label">${t}</span>
</button>`}async#V({command:C,action:H,data:L,entityId:M,question:e},r,t){let{hass:i,text:A}=this;if(!i||this._pending!==null)return;if(this._pending=C,e){let[d,x]=e;if(!await _1(this,{title:A(d,{device:P(i,t.id)}),text:A(x),confirmText:r,dismissText:A("keep"),destructive:!0})){this.#M();return}}let n=await K(i,A,H,L,{entity_id:M});n.ok?(this.#C=setTimeout(this.#M,T7),this.#L()):(this.#M(),a1(this,"hass-notification",{message:n.failure.text}))}hassChanged(){this.#C!==void 0&&this.#L()}#L(){let{hass:C}=this,[H]=C?this.shownDevices(C):[];!C||!H||I1(C,H,b2).some(({command:L,isStanding:M})=>M&&L===this._pending)&&this.#M()}#M=()=>{clearTimeout(this.#C),this.#C=void 0,this._pending=null}};s(P2,T2);r5({type:P2,name:"feature_name",configurable:!0,isSupported:(V,{entity_id:C})=>U3(V,C)});q(document.documentElement.lang);
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
